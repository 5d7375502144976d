import { existsSync, readFileSync, statSync } from 'node:fs';
import { printable } from '../gateway/log-line';
import { ImportError } from '../import/errors';
import { importPolicy } from '../import/import-policy';
import type { SourceFile } from '../import/source';
import { EgressPolicy } from '../policy/policy';
import { counted } from './policy-words';
import { progress } from './terminal';

/** No list of servers is longer, in bytes; reading one that is would take long. */
const LARGEST = 8 * 1024 * 1024;

/**
 * The text of a policy out of lists of MCP servers; what was read, renamed and left out goes to standard error.
 * @param files What `--from` names.
 * @param replaced The policy file in whose place it comes; its workloads keep their ports. Default: there is none.
 * @throws ImportError with the problems of all files at once
 */
export function importLists(files: readonly string[], replaced?: string): string {
  const sources = readAll(files);
  const before = replaced === undefined ? new Map<string, number>() : portsOf(replaced);
  const { text, policy, read, notes } = importPolicy(sources, before);
  for (const { file, form, servers } of read) {
    progress(`read ${printable(file)}: ${form}, ${counted(servers.length, 'server')}`);
  }
  for (const note of notes) progress(`note: ${note}`);
  const names = new Set(policy.workloads.map(({ name }) => name));
  for (const name of before.keys()) {
    if (!names.has(name)) progress(`note: workload ${name} of the old file is in no list, and is gone`);
  }
  return text;
}

function readAll(files: readonly string[]): SourceFile[] {
  const problems: string[] = [];
  const sources = [...new Set(files)].flatMap((file) => {
    try {
      if (statSync(file).size > LARGEST) throw new Error(`it is larger than ${LARGEST} bytes`);
      return [{ file, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)) }];
    } catch (error) {
      problems.push(`${printable(file)}: it cannot be read: ${reasonOf(error as NodeJS.ErrnoException)}`);
      return [];
    }
  });
  if (problems.length > 0) throw new ImportError(problems);
  return sources;
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such file; give the path of a list of MCP servers';
  if (code === 'EISDIR') return 'this is a folder; give the path of the file in it';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'it is not UTF-8; save it as UTF-8';
  return printable(code ?? message);
}

/** The ports of the workloads of a policy; none where there is no policy, or one that does not check. */
function portsOf(file: string): Map<string, number> {
  if (!existsSync(file)) return new Map();
  try {
    return new Map(EgressPolicy.fromFile(file).workloads.map(({ name, port }) => [name, port]));
  } catch {
    progress(`note: the old ${printable(file)} does not check, so no port of it is kept`);
    return new Map();
  }
}
