import { readFileSync } from 'node:fs';
import { PolicyFileError } from '../errors';
import { quote } from '../quote';

/** What to do about the reasons for which reading fails. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; give its path with --policy, or write a first policy with `mcp-egress init`',
  EACCES: 'reading it is not permitted; give this user the right to read it',
  EISDIR: 'this is a folder; give the path of the file in it',
};

/**
 * Reads policy files.
 * @throws PolicyFileError that names every file that cannot be read.
 */
export function readPolicyFiles(paths: readonly string[]): { file: string; text: string }[] {
  const failed: { file: string; message: string }[] = [];
  const texts = paths.flatMap((file) => {
    try {
      return [{ file, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)) }];
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

function explain(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'it is not UTF-8; save it as UTF-8';
  return REMEDIES[code] ?? (error instanceof Error ? error.message : String(error));
}
