import { closeSync, openSync, readSync } from 'node:fs';
import { PolicyFileError } from '../errors';
import { quote } from '../quote';

/** Of one policy file. 100,000 rules with reasons and owners fit; what is bigger is another file by mistake. */
export const MAX_POLICY_BYTES = 16 * 1024 * 1024;

/** Read at a time. */
const PIECE_BYTES = 64 * 1024;

/** What to do about the reasons for which reading fails. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; give its path with --policy, or write a first policy with `mcp-egress init`',
  EACCES: 'reading it is not permitted; give this user the right to read it',
  EISDIR: 'this is a folder; give the path of the file in it',
  EFBIG: `it is bigger than ${MAX_POLICY_BYTES / 1024 / 1024} MiB, the most that is read; is it another file? Several smaller ones may be given with --policy`,
};

/**
 * Reads policy files.
 * @throws PolicyFileError that names every file that cannot be read, or is bigger than {@link MAX_POLICY_BYTES}.
 */
export function readPolicyFiles(paths: readonly string[]): { file: string; text: string }[] {
  const failed: { file: string; message: string }[] = [];
  const texts = paths.flatMap((file) => {
    try {
      return [{ file, text: new TextDecoder('utf-8', { fatal: true }).decode(readBounded(file)) }];
    } catch (error) {
      failed.push({ file, message: `cannot read the policy file ${quote(file)}: ${explain(error)}` });
      return [];
    }
  });
  if (failed.length === 0) return texts;
  throw new PolicyFileError(
    failed.map(({ file }) => file),
    failed.map(({ message }) => message).join('\n'),
  );
}

/** No more than one byte too many is read: the size that the system tells is not that of a pipe or a device, or of a file that grows. */
function readBounded(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const pieces: Buffer[] = [];
    let size = 0;
    while (size <= MAX_POLICY_BYTES) {
      const piece = Buffer.allocUnsafe(PIECE_BYTES);
      const count = readSync(descriptor, piece, 0, PIECE_BYTES, null);
      if (count === 0) return Buffer.concat(pieces);
      pieces.push(piece.subarray(0, count));
      size += count;
    }
    throw Object.assign(new Error('too big'), { code: 'EFBIG' });
  } finally {
    closeSync(descriptor);
  }
}

function explain(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'it is not UTF-8; save it as UTF-8';
  return REMEDIES[code] ?? (error instanceof Error ? error.message : String(error));
}
