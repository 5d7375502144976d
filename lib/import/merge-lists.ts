import { escapeUnprintable } from '../policy/quote';
import { oneLine } from './one-line';
import { RuleSet } from './rule-set';
import type { McpServer, ServerList } from './source';
import { freeName, workloadName } from './workload-name';

/** A workload to write. */
export interface ImportedWorkload {
  readonly name: string;
  /** What it is and who names it, one printable line each. */
  readonly about: readonly string[];
  readonly rules: RuleSet;
}

/** Workloads in the order of the files: the servers first, then the clients that call remote ones. */
export interface Merged {
  readonly workloads: readonly ImportedWorkload[];
  readonly notes: readonly string[];
}

interface Growing extends ImportedWorkload {
  readonly about: string[];
  runs: string | undefined;
  /** The lists that name it. */
  readonly lists: Set<ServerList>;
}

/**
 * The workloads of all lists. One name in two lists is one workload, and what both say adds up, unless they say that different
 * things run; one name twice in one list is two.
 */
export function mergeLists(lists: readonly ServerList[]): Merged {
  const notes: string[] = [];
  const calling = lists.filter(({ servers }) => servers.some(({ isRemote }) => isRemote));
  const clients = new Map<string, Growing>();
  for (const list of calling) {
    const about = `the client, which calls the remote servers of ${list.form}`;
    clients.set(list.client, clients.get(list.client) ?? growing(list.client, [about]));
  }
  const servers = new Map<string, Growing>();
  for (const list of lists) {
    notes.push(...[...new Set(list.notes)].map((note) => `${escapeUnprintable(list.file)}: ${note}`));
    for (const server of list.servers) {
      const workload = server.isRemote
        ? clients.get(list.client)
        : workloadOf(server, list, servers, (name) => clients.has(name), notes);
      if (workload !== undefined) fill(workload, server, notes);
    }
  }
  return { workloads: [...servers.values(), ...clients.values()], notes };
}

function workloadOf(
  server: McpServer,
  list: ServerList,
  known: Map<string, Growing>,
  isClient: (name: string) => boolean,
  notes: string[],
): Growing {
  const plain = workloadName(server.name);
  const same = known.get(plain);
  const isSame =
    same !== undefined && !same.lists.has(list) && (same.runs ?? server.runs) === (server.runs ?? same.runs);
  const name = isSame ? plain : freeName(plain, (candidate) => known.has(candidate) || isClient(candidate));
  const workload = isSame ? same : growing(name, []);
  if (name !== server.name)
    notes.push(`${escapeUnprintable(list.file)}: server "${oneLine(server.name)}" is workload ${name}`);
  workload.lists.add(list);
  workload.runs ??= server.runs;
  workload.about.push(server.runs === undefined ? `from ${list.form}` : `from ${list.form}: ${server.runs}`);
  known.set(name, workload);
  return workload;
}

function fill({ name, rules }: Growing, server: McpServer, notes: string[]): void {
  for (const endpoint of server.endpoints) {
    if (rules.allow(endpoint, server.reason)) continue;
    const { host, port, protocol } = endpoint;
    notes.push(
      `workload ${name}: ${host}:${port} is wanted as ${protocol} and as ${protocol === 'tls' ? 'http' : 'tls'}; the first one was written`,
    );
  }
  for (const suggestion of server.suggestions) rules.suggest(suggestion);
}

function growing(name: string, about: string[]): Growing {
  return { name, about, rules: new RuleSet(), runs: undefined, lists: new Set() };
}
