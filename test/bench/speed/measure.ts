import type { ChildProcess } from 'node:child_process';
import { compile } from '../../../lib/envoy';
import { render } from '../../../lib/envoy/render';
import { EgressPolicy } from '../../../lib/policy';
import { certificates } from '../../traffic/support/certificates';
import { OPERATIONS, clientFor, type Operation, type Way } from './operations';
import type { Peer } from './peers/peer';
import type { Footprint, Results, Sample } from './results';
import { RunningPeer } from './running-peer';
import { percentile } from './statistics';
import { allowlist } from './target';
import { runCell, startWorker } from './worker';

export interface MeasureOptions {
  readonly rounds: number;
  readonly sizes: readonly number[];
  readonly clients: readonly number[];
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly progress: (line: string) => void;
}

const DIRECT: Way = { kind: 'direct', port: 0 };
/** Starts of each proxy at each size. */
const STARTS = 3;
/** A host that is only in the changed list; the certificate is good for it. */
const ADDED = 'added.allowed.test';

/** Measures all of it; in each round the proxies take turns in another order. */
export async function measure(
  peers: readonly Peer[],
  options: MeasureOptions,
): Promise<Omit<Results, 'date' | 'machine'>> {
  const { ca } = await certificates();
  await startWorker('origin.ts');
  const client = await startWorker('client.ts');
  const samples: Sample[] = [];
  const footprints: Footprint[] = [];
  const leftOut: string[] = [];
  for (const hosts of options.sizes) {
    const running: RunningPeer[] = [];
    for (const peer of peers) {
      options.progress(`${hosts} hosts: starting ${peer.name}`);
      try {
        const { last, footprint } = await start(peer, hosts, ca);
        running.push(last);
        footprints.push(footprint);
      } catch (error) {
        leftOut.push(`${peer.name} at ${hosts} hosts: ${(error as Error).message.split('\n')[0]}`);
        options.progress((error as Error).message);
      }
    }
    await settle(running, ca);
    samples.push(...(await rounds(client, running, hosts, options)));
    footprints.push(...(await reloads(running, hosts, ca, options)));
    for (const each of running) await each.stop();
  }
  const described = peers.map(({ name, version, how }) => ({ name, version: version() ?? '', how }));
  const { rounds: count, measureMs } = options;
  const compiled = options.sizes.map((hosts) => ({ hosts, ms: timeCompiler(hosts) }));
  return {
    rounds: count,
    measureMs,
    peers: described,
    leftOut,
    samples,
    footprints: merged(footprints),
    compile: compiled,
  };
}

async function start(peer: Peer, hosts: number, ca: string): Promise<{ last: RunningPeer; footprint: Footprint }> {
  const times: number[] = [];
  const memory: number[] = [];
  for (let i = 0; ; i++) {
    const running = await RunningPeer.start(peer, allowlist(hosts), ca);
    times.push(running.startMs);
    memory.push(running.memory());
    if (i === STARTS - 1) {
      return { last: running, footprint: { peer: peer.name, hosts, start: times, memory, reload: [] } };
    }
    await running.stop();
  }
}

/** The first requests pay for what all later ones find done. */
async function settle(running: readonly RunningPeer[], ca: string): Promise<void> {
  for (const { way } of running) for (let i = 0; i < 5; i++) await (await clientFor('tunnel', way, ca)).step();
}

async function rounds(
  client: ChildProcess,
  running: readonly RunningPeer[],
  hosts: number,
  { rounds: count, clients, warmUpMs, measureMs, progress }: MeasureOptions,
): Promise<Sample[]> {
  const ways: [string, Way][] = [
    ['direct', DIRECT],
    ...running.map(({ peer, way }): [string, Way] => [peer.name, way]),
  ];
  const samples: Sample[] = [];
  for (let round = 0; round < count; round++) {
    const turn = round % ways.length;
    const order = [...ways.slice(turn), ...ways.slice(0, turn)];
    progress(`${hosts} hosts: round ${round + 1} of ${count}`);
    for (const operation of OPERATIONS)
      for (const number of clients)
        for (const [peer, way] of order) {
          if (peer === 'direct' && operation === 'refusal') continue;
          const result = await runCell(client, { operation, way, clients: number, warmUpMs, measureMs });
          const { times, errors, error, seconds } = result;
          if (errors > 0)
            progress(`${peer}, ${operation}, ${number} clients: ${errors} errors, such as: ${error ?? ''}`);
          samples.push({
            peer,
            operation,
            clients: number,
            hosts,
            round,
            p50: percentile(times, 0.5),
            p99: percentile(times, 0.99),
            count: times.length,
            perSecond: times.length / seconds,
            errors,
            ...(error !== undefined && { error }),
          });
        }
  }
  return samples;
}

/** Adds a host to the list of each proxy in turn, and takes it out again. */
async function reloads(
  running: readonly RunningPeer[],
  hosts: number,
  ca: string,
  { rounds: count, progress }: MeasureOptions,
): Promise<Footprint[]> {
  const footprints: Footprint[] = [];
  for (const each of running) {
    progress(`${hosts} hosts: reloading ${each.peer.name}`);
    const reload: number[] = [];
    for (let i = 0; i < count; i++) {
      const took = await each.reload([...allowlist(hosts), ADDED], () => isServed(each.way, ca));
      if (took === undefined || Number.isNaN(took)) break;
      reload.push(took);
      await each.reload(allowlist(hosts), async () => !(await isServed(each.way, ca)));
    }
    footprints.push({ peer: each.peer.name, hosts, start: [], memory: [], reload });
  }
  return footprints;
}

async function isServed(way: Way, ca: string): Promise<boolean> {
  try {
    await (await clientFor('tunnel' satisfies Operation, way, ca, ADDED)).step();
    return true;
  } catch {
    return false;
  }
}

function timeCompiler(hosts: number): number[] {
  const names = allowlist(hosts).map((host) => `          - ${host}`);
  const text = `version: 1\nworkloads:\n  bench:\n    port: 10000\n    allow:\n      - hosts:\n${names.join('\n')}\n`;
  return Array.from({ length: STARTS }, () => {
    const started = performance.now();
    render(compile(EgressPolicy.fromYaml(text), { directory: '/etc/mcp-egress' }));
    return performance.now() - started;
  });
}

function merged(footprints: readonly Footprint[]): Footprint[] {
  const byKey = new Map<string, Footprint>();
  for (const each of footprints) {
    const key = `${each.peer} ${each.hosts}`;
    const known = byKey.get(key);
    byKey.set(key, known ? { ...known, reload: [...known.reload, ...each.reload] } : each);
  }
  return [...byKey.values()];
}
