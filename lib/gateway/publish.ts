import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { routeFile } from '../envoy/render';
import type { CompiledConfig } from '../envoy/resources';
import { awaitTaken, type TakingOptions } from './await-taken';
import { adminSocket } from './bootstrap-facts';
import { PublishError } from './errors';
import { publicationSteps, type Step } from './publication-plan';
import { renderStep } from './render-files';
import { writeAtomically } from './write-atomically';

export interface PublishOptions extends TakingOptions {
  /** What was published last into the folder; undefined where nothing was, then nothing is waited for. */
  readonly old?: CompiledConfig;
  readonly next: CompiledConfig;
  /** The folder that Envoy watches. */
  readonly directory: string;
  /** Called after each step. */
  readonly onStep?: (step: Step) => void;
  /** What Envoy has printed since the publication began; asked for when it refuses something. */
  readonly words?: () => Promise<readonly string[]>;
}

/** A file and what it held before; undefined where it was not there. */
type Undo = ReadonlyMap<string, string | undefined>;

/**
 * Replaces the configuration in a folder that a running Envoy watches, in the order of {@link publicationSteps}, each step
 * after Envoy has taken the one before it. Where the configuration has an admin socket Envoy is asked, else a settle time
 * has to do. One call at a time for a folder.
 * @throws {PublishError} Envoy did not take a step. What was written is put back, and the message says whether that went well
 */
export async function publish(options: PublishOptions): Promise<void> {
  const { old, next, directory } = options;
  if (old && !isDeepStrictEqual(old.bootstrap, next.bootstrap)) {
    throw new PublishError(
      'The static part of the configuration (envoy.yaml) differs: restart the gateway.',
      'bootstrap',
    );
  }
  await removeLeftovers(directory, [...(old?.routes ?? []), ...next.routes]);
  const undo: Undo[] = [];
  for (const step of publicationSteps(old, next)) {
    try {
      await applyStep(step, options, undo);
    } catch (error) {
      throw await putBack(error as Error, step, options, undo);
    }
    options.onStep?.(step);
  }
}

/** Writes the files of one step that differ from what is there, and waits until Envoy has taken them. */
export async function applyStep(step: Step, options: PublishOptions, undo: Undo[] = []): Promise<void> {
  const files = renderStep(step, options.next);
  const before = new Map<string, string | undefined>();
  for (const [path, text] of files) {
    const there = await readOptional(join(options.directory, path));
    if (there === text) files.delete(path);
    else before.set(path, there);
  }
  undo.push(before);
  await writeFiles(files, options);
}

async function writeFiles(files: ReadonlyMap<string, string>, options: PublishOptions): Promise<void> {
  if (files.size === 0) return;
  const write = async (): Promise<void> => {
    for (const [path, text] of files) {
      await mkdir(dirname(join(options.directory, path)), { recursive: true });
      await writeAtomically(join(options.directory, path), text);
    }
  };
  if (options.old) await awaitTaken(files, write, { ...options, admin: options.admin ?? adminSocket(options.next) });
  else await write();
}

/** Goes the same way back, step by step, so that no moment is less safe than it was on the way here. */
async function putBack(
  cause: Error,
  step: Step,
  options: PublishOptions,
  undo: readonly Undo[],
): Promise<PublishError> {
  const words = (await options.words?.()) ?? [];
  const what = `Publishing stopped at the step "${step.name}": ${cause.message}.`;
  let outcome = 'Every file is as it was before; the old configuration is in force.';
  for (const before of [...undo].reverse()) {
    try {
      await restore(before, options);
    } catch (error) {
      outcome = `Putting the old files back failed as well (${(error as Error).message}): restart the gateway.`;
    }
  }
  return new PublishError(`${what} ${outcome}`, step.name, words);
}

async function restore(before: Undo, options: PublishOptions): Promise<void> {
  const texts = new Map<string, string>();
  for (const [path, text] of before) {
    if (text === undefined) await rm(join(options.directory, path), { force: true });
    else texts.set(path, text);
  }
  await writeFiles(texts, options);
}

/** Route files of listeners that the publication before last removed, and what an interrupted run left. */
async function removeLeftovers(directory: string, routes: readonly { name: string }[]): Promise<void> {
  const wanted = new Set(routes.map(({ name }) => routeFile(name)));
  const names = await readdir(join(directory, 'routes')).catch(() => []);
  const leftovers = names.map((name) => `routes/${name}`).filter((path) => path.endsWith('.yaml') && !wanted.has(path));
  await Promise.all(leftovers.map((path) => rm(join(directory, path), { force: true })));
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
