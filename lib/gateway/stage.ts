import { link, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CompiledConfig } from '../envoy/resources';
import { PublishError } from './errors';
import type { Step } from './publication-plan';
import { renderStep } from './render-files';
import { writeAtomically } from './write-atomically';

/** Where a publication's files wait, in the folder that Envoy reads: a rename must not leave the file system. */
const STAGE = '.stage';

/** A step whose files are written, but not yet in place. */
export interface StagedStep {
  readonly step: Step;
  /** Relative path to text, of those files alone that the step changes. */
  readonly files: ReadonlyMap<string, string>;
  /** Relative path to what was there before the step; undefined: nothing. */
  readonly before: ReadonlyMap<string, string | undefined>;
  /** Puts the files in place. */
  readonly place: () => Promise<void>;
  /** Puts what was there before back in place, without writing: there may be no room for it. */
  readonly putBack: () => Promise<void>;
}

/**
 * Writes what all the steps of a publication will need, so that a full disk is found before anything has changed.
 * @throws {PublishError} nothing was changed
 */
export async function stage(steps: readonly Step[], next: CompiledConfig, directory: string): Promise<StagedStep[]> {
  const texts = new Map<string, string | undefined>();
  const staged: StagedStep[] = [];
  try {
    for (const [index, step] of steps.entries()) {
      const [files, before] = [new Map<string, string>(), new Map<string, string | undefined>()];
      for (const [path, text] of renderStep(step, next)) {
        const there = texts.has(path) ? texts.get(path) : await readOptional(join(directory, path));
        if (there === text) continue;
        await write(stagedPath(directory, index, path), text);
        files.set(path, text);
        before.set(path, there);
        texts.set(path, text);
      }
      staged.push({ step, files, before, ...moves(directory, index, before) });
    }
    return staged;
  } catch (error) {
    await unstage(directory).catch(() => undefined);
    const why = `The new files cannot be written into ${directory}: ${(error as Error).message}.`;
    throw new PublishError(`${why} Nothing was changed; the old configuration is in force.`, 'stage');
  }
}

/** Removes what is left of the staged files. */
export async function unstage(directory: string): Promise<void> {
  await rm(join(directory, STAGE), { recursive: true, force: true });
}

function moves(
  directory: string,
  index: number,
  before: ReadonlyMap<string, string | undefined>,
): Pick<StagedStep, 'place' | 'putBack'> {
  const kept = (path: string): string => stagedPath(directory, index, `before/${path}`);
  return {
    place: async () => {
      for (const [path, text] of before) {
        const target = join(directory, path);
        await mkdir(dirname(target), { recursive: true });
        if (text !== undefined) await keep(target, kept(path));
        await rename(stagedPath(directory, index, path), target);
      }
    },
    putBack: async () => {
      for (const [path, text] of before) {
        const target = join(directory, path);
        if (text === undefined) await rm(target, { force: true });
        else await rename(kept(path), target).catch(() => restore(target, text));
      }
    },
  };
}

/** A second name for a file that is about to be replaced; where the file system has none, it is written anew when it is needed. */
async function keep(target: string, name: string): Promise<void> {
  await mkdir(dirname(name), { recursive: true });
  await link(target, name).catch(() => undefined);
}

/** Also for a file that was not replaced yet. */
async function restore(target: string, text: string): Promise<void> {
  if ((await readOptional(target)) !== text) await writeAtomically(target, text);
}

function stagedPath(directory: string, index: number, path: string): string {
  return join(directory, STAGE, String(index), path);
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeAtomically(path, text);
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
