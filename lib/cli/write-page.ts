import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
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

/** What the operating system says, in words. */
const WHY: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'that file system is read-only',
  ENOSPC: 'the disk is full',
  ENOENT: 'no file can be made there',
  ENOTDIR: 'a part of its path is a file',
  ENAMETOOLONG: 'the name is too long',
};

/** Before any work is done: whether a page may be written there. @throws {CliError} (usage) where something else would be lost */
export async function checkPage({ out, force }: PageTarget): Promise<void> {
  if (out === '-') return;
  if (out === '') throw cannot(out, 'give a name of a file, or - for standard output');
  if (!(await look(dirname(out)))?.isDirectory()) throw cannot(out, 'there is no such folder; make it first');
  const there = await look(out);
  // The page is renamed over what is there, which would take a device or a pipe away from everybody.
  if (there && !there.isFile()) throw cannot(out, 'it is no file; choose another --out, or - for standard output');
  if (!there || force || (await isPage(out))) return;
  throw new CliError(
    `${quoted(out)} is there and was not written by report; choose another --out, or replace it with --force.`,
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
    throw explained(out, error);
  }
}

async function look(path: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw explained(path, error);
  }
}

async function isPage(path: string): Promise<boolean> {
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
    throw explained(path, error);
  }
}

function explained(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? error : cannot(path, WHY[code] ?? code);
}

function cannot(path: string, why: string): CliError {
  return new CliError(`${quoted(path)} cannot be written: ${why}.`, EXIT.usage);
}

function quoted(path: string): string {
  return printable(JSON.stringify(path));
}
