import { open } from 'node:fs/promises';
import { printable } from '../gateway/log-line';
import { writeAtomically } from '../gateway/write-atomically';
import { PAGE_MARK } from '../report';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';

interface PageTarget {
  /** `-` is standard output. */
  readonly out: string;
  readonly force?: boolean;
}

/** Before any work is done: whether a page may be written there. @throws {CliError} (usage) where something else would be lost */
export async function checkPage({ out, force }: PageTarget): Promise<void> {
  if (out === '-' || force || (await isPageOrNothing(out))) return;
  throw new CliError(
    `${printable(JSON.stringify(out))} is there and was not written by report; choose another --out, or replace it with --force.`,
    EXIT.usage,
  );
}

/** @throws {CliError} (usage) where it cannot be written */
export async function writePage({ out }: PageTarget, page: string): Promise<void> {
  if (out === '-') {
    process.stdout.write(page);
    return;
  }
  try {
    await writeAtomically(out, page);
  } catch (error) {
    throw cannot(out, error);
  }
}

async function isPageOrNothing(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const length = Buffer.byteLength(PAGE_MARK);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
      return buffer.toString('utf8', 0, bytesRead) === PAGE_MARK;
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw cannot(path, error);
  }
}

function cannot(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined
    ? error
    : new CliError(`${printable(JSON.stringify(path))} cannot be written: ${code}.`, EXIT.usage);
}
