import { EgressPolicy } from '../policy/policy';
import { assignPorts } from './assign-ports';
import { ImportError } from './errors';
import { mergeLists } from './merge-lists';
import { oneLine } from './one-line';
import { readSource } from './read-source';
import { writeSkeleton } from './skeleton';
import type { ServerList, SourceFile } from './source';

/** More servers than anybody has, and few enough to be quick. */
const MOST_SERVERS = 5000;

/** A policy out of lists of MCP servers. */
export interface ImportedPolicy {
  /** YAML that checks. */
  readonly text: string;
  readonly policy: EgressPolicy;
  /** What was read: the files, their forms, and how many servers. */
  readonly read: readonly Pick<ServerList, 'file' | 'form' | 'servers'>[];
  /** Renamed servers, and what could not be taken over; printable. */
  readonly notes: readonly string[];
}

/**
 * Writes a policy with a workload for each local server of some lists and one for each client that calls remote servers. Rules come
 * from allowlists that a source states and from the URLs of remote servers; hosts that merely stand in arguments or the
 * environment become comments. Values of the environment, arguments, headers, paths and queries are never copied.
 * @param before The ports of the policy that is replaced, by workload. Default: none.
 * @throws ImportError with the problems of all files at once.
 */
export function importPolicy(
  sources: readonly SourceFile[],
  before: ReadonlyMap<string, number> = new Map(),
): ImportedPolicy {
  const lists = readAll(sources);
  const count = lists.reduce((sum, { servers }) => sum + servers.length, 0);
  if (count > MOST_SERVERS) {
    throw new ImportError([
      `${count} servers are more than the ${MOST_SERVERS} that are read; import fewer files at once`,
    ]);
  }
  const { workloads, notes } = mergeLists(lists);
  const ports = assignPorts(
    workloads.map(({ name }) => name),
    before,
  );
  const from = lists.map(({ file, form }) => `  ${oneLine(file.split(/[\\/]/).at(-1) ?? '')}: ${form}`);
  const about = [
    'A skeleton, written by `mcp-egress init --from` out of',
    ...from,
    'Name owners, take out what is not needed, and write what is missing; `mcp-egress run` with `mode: observe`',
    'logs as would_deny what no rule allows yet.',
  ];
  const text = writeSkeleton(workloads, ports, about);
  return { text, policy: checked(text), read: lists, notes };
}

/** What is written must check; that it might not is our mistake, not the user's. */
function checked(text: string): EgressPolicy {
  try {
    return EgressPolicy.fromYaml(text, { file: 'the imported policy' });
  } catch (error) {
    throw new Error(`the imported policy does not check: ${(error as Error).message}`, { cause: error });
  }
}

function readAll(sources: readonly SourceFile[]): ServerList[] {
  const problems: string[] = [];
  const lists = sources.flatMap((source) => {
    try {
      return [readSource(source)];
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  if (problems.length > 0) throw new ImportError(problems);
  return lists;
}
