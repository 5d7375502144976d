import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { routeFile } from '../envoy/render';
import type { CompiledConfig } from '../envoy/resources';
import { awaitTaken, type TakingOptions } from './await-taken';
import { adminSocket } from './bootstrap-facts';
import { PublishError } from './errors';
import { publicationSteps, type Step } from './publication-plan';
import { stage, type StagedStep, unstage } from './stage';

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
  const done: StagedStep[] = [];
  try {
    for (const staged of await stage(publicationSteps(old, next), next, directory)) {
      done.unshift(staged);
      await placeStep(staged, options).catch(async (error: Error) => {
        throw await putBack(error, staged.step, options, done);
      });
      options.onStep?.(staged.step);
    }
  } finally {
    await unstage(directory);
  }
}

/** Writes the files of one step that differ from what is there, and waits until Envoy has taken them. */
export async function applyStep(step: Step, options: PublishOptions): Promise<void> {
  for (const staged of await stage([step], options.next, options.directory)) await placeStep(staged, options);
  await unstage(options.directory);
}

async function placeStep({ files, place }: StagedStep, options: PublishOptions): Promise<void> {
  if (files.size > 0) await change(files, place, options);
}

/** Changes files, and waits until Envoy has taken them. */
async function change(
  files: ReadonlyMap<string, string>,
  write: () => Promise<void>,
  options: PublishOptions,
): Promise<void> {
  if (options.old) await awaitTaken(files, write, { ...options, admin: options.admin ?? adminSocket(options.next) });
  else await write();
}

/** Goes the same way back, step by step, so that no moment is less safe than it was on the way here. */
async function putBack(
  cause: Error,
  step: Step,
  options: PublishOptions,
  done: readonly StagedStep[],
): Promise<PublishError> {
  const words = (await options.words?.()) ?? [];
  const what = `Publishing stopped at the step "${step.name}": ${cause.message}.`;
  let outcome = 'Every file is as it was before; the old configuration is in force.';
  for (const { before, putBack: back } of done) {
    const texts = new Map([...before].filter((entry): entry is [string, string] => entry[1] !== undefined));
    try {
      // Files that were not there before go as well, but for them nothing is waited for.
      if (texts.size > 0) await change(texts, back, options);
      else await back();
    } catch (error) {
      outcome = `Putting the old files back failed as well (${(error as Error).message}): restart the gateway.`;
    }
  }
  return new PublishError(`${what} ${outcome}`, step.name, words);
}

/** Route files of listeners that the publication before last removed, and what an interrupted run left. */
async function removeLeftovers(directory: string, routes: readonly { name: string }[]): Promise<void> {
  const wanted = new Set(routes.map(({ name }) => routeFile(name)));
  const names = await readdir(join(directory, 'routes')).catch(() => []);
  const leftovers = names.map((name) => `routes/${name}`).filter((path) => path.endsWith('.yaml') && !wanted.has(path));
  await Promise.all(leftovers.map((path) => rm(join(directory, path), { force: true })));
}
