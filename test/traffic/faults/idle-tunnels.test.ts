import { readFileSync } from 'node:fs';
import { PUBLIC_V4, useBench, type Bench } from '../support/bench';
import { clientHello } from '../support/client-hello';
import { connect, get, startTls } from '../support/clients';
import { eventually } from '../support/eventually';
import { describeInNamespace } from '../support/namespace';
import type { Wire } from '../support/wire';
import { startTraffic } from './support/background-traffic';
import { Child } from './support/child';
import { figure } from './support/figures';
import type { GreedyCount, OpenTunnels } from './support/greedy-client';
import { openFiles, residentMiB } from './support/process-facts';
import { RawServer } from './support/raw-server';
import { sized } from './support/size';

const TUNNELS = sized(10_000);
/** Three workloads hold them, each below the default number of connections, and a fourth one asks. */
const HOLDERS = 3;
/** Beside the tunnels: honest clients, and what Envoy opens meanwhile. */
const SPARE_FILES = 100;
/** The issue's bound for tunnels of a rule that was withdrawn. */
const GONE_MS = 30_000;
/** Tunnels of another rule that are open then. */
const OTHERS = 20;
const PORT = 8443;
const HTTP_PORT = 8080;
/** A tunnel to an http rule is closed unless a request comes; its server then lets go of it, and it idles for a minute. */
const REQUEST = `GET / HTTP/1.1\r\nHost: held.plain.test:${HTTP_PORT}\r\n\r\n`;
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n${'a'.repeat(100)}`;

const RULES = `
      - { host: held.tls.test, ports: [${PORT}] }
      - { host: held.plain.test, protocol: http, ports: [${HTTP_PORT}] }`;
const policy = (rules: string): string => `
version: 1
workloads:
  honest:
    port: 10000
    allow:
      - host: living.tls.test
      - { host: living.plain.test, protocol: http }
${[1, 2, 3].map((n) => `  holder-${n}:\n    port: ${10_000 + n}\n    allow:${rules || ' []'}`).join('\n')}
`;

/**
 * A TLS tunnel takes two files of Envoy's, one to an http rule that has had its answer a single one.
 * @throws Error with what to do where they do not fit
 */
function mix(filesInUse: number, pid: number): { tls: number; http: number } {
  const [, soft = '0'] = /^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8')) ?? [];
  const free = Number(soft) - filesInUse - SPARE_FILES;
  if (free < TUNNELS) {
    throw new Error(
      `${TUNNELS} tunnels need ${TUNNELS + filesInUse + SPARE_FILES} open files at least, and ulimit -n is ${soft}: ` +
        'raise it (as root: ulimit -n 65536), or lower MCP_EGRESS_FAULT_SIZE',
    );
  }
  const tls = Math.min(TUNNELS - Math.ceil(TUNNELS / 50), free - TUNNELS);
  return { tls, http: TUNNELS - tls };
}

async function livingTunnel(bench: Bench): Promise<Wire> {
  const { wire } = await connect(bench.port(), 'living.tls.test:443');
  return (await startTls(wire, { sni: 'living.tls.test' })) as Wire;
}

describeInNamespace(`${TUNNELS} idle tunnels`, () => {
  // At full size they may take nearly all files that there are, which the default number does not know.
  const bench = useBench(policy(RULES), { ports: { 80: 'http', 443: 'https' }, concurrency: 2 });
  const children: Child[] = [];
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));
  afterAll(() => Promise.all(children.map((child) => child.end())));

  const start = async (script: string): Promise<Child> => {
    const child = await Child.start(script);
    children.push(child);
    return child;
  };
  const open = async (
    clients: readonly Child[],
    count: number,
    options: Pick<OpenTunnels, 'authority' | 'first' | 'atATime'>,
  ): Promise<void> => {
    await Promise.all(
      clients.map((client, i) =>
        client.ask<GreedyCount>('open', {
          ...options,
          port: 10_001 + i,
          count: Math.floor((count + i) / HOLDERS),
        } satisfies OpenTunnels),
      ),
    );
  };
  const sum = async (clients: readonly Child[]): Promise<GreedyCount[]> =>
    Promise.all(clients.map((client) => client.ask<GreedyCount>('count')));
  const opened = (counts: readonly GreedyCount[]): number => counts.reduce((total, each) => total + each.open, 0);

  it('leave honest requests quick, and close with their rule', async () => {
    const { pid } = bench.gateway;
    const server = await start('echo-server');
    await server.ask('listen', PORT);
    const clients = await Promise.all(Array.from({ length: HOLDERS }, () => start('greedy-client')));
    const traffic = startTraffic(bench, [{ url: 'https://living.tls.test' }, { url: 'http://living.plain.test' }]);
    await traffic.more(10);
    const [memory, files] = [residentMiB(pid), openFiles(pid)];
    const { tls, http } = mix(files, pid);
    figure('tunnels', `${tls} to a tls rule, ${http} to an http rule`);

    const hello = (await clientHello('held.tls.test')).toString('base64');
    await open(clients, tls, { authority: `held.tls.test:${PORT}`, first: hello });
    const plain = await RawServer.listen(HTTP_PORT, (socket) => socket.once('data', () => socket.end(ANSWER)));
    const request = Buffer.from(REQUEST).toString('base64');
    await open(clients, http, { authority: `held.plain.test:${HTTP_PORT}`, first: request, atATime: 4 });
    await plain.close();
    const counts = await sum(clients);
    expect([opened(counts), counts.reduce((total, { echoed }) => total + echoed, 0)]).toEqual([TUNNELS, TUNNELS]);
    expect(await server.ask('open')).toBe(tls);
    figure('open files of Envoy', openFiles(pid));
    figure('memory of Envoy for each tunnel', ((residentMiB(pid) - memory) / TUNNELS) * 1024, 'KiB');

    const beside = startTraffic(bench, [{ url: 'https://living.tls.test' }, { url: 'http://living.plain.test' }]);
    await beside.more(100, 60_000);
    const { medianMs, p99Ms, slowestMs } = await beside.stop();
    figure('honest requests beside them', `median ${medianMs} ms, 99 % ${p99Ms} ms, slowest ${slowestMs} ms`);
    // Still there, and still through: all but those whose minute is over.
    const through = await Promise.all(clients.map((client) => client.ask<number>('ping', 'still there?')));
    expect(through.reduce((total, each) => total + each, 0)).toBeGreaterThanOrEqual(tls);

    await traffic.stop();
    const others = await Promise.all(Array.from({ length: OTHERS }, () => livingTunnel(bench)));
    const withdrawn = performance.now();
    await bench.publish(policy(''));
    await eventually(
      () => Promise.all(clients.map((client) => client.ask<number>('held'))),
      (left) => left.every((each) => each === 0),
      GONE_MS,
    );
    figure('all of them closed after', (performance.now() - withdrawn) / 1000, 's');
    await eventually(
      () => openFiles(pid),
      (left) => left <= files + SPARE_FILES,
    );
    // No tunnel of another rule ended. A new one may have to wait: Envoy closes all tunnels of a rule in one go, 0.1 ms each.
    const replies = await Promise.all(others.map((wire) => get(wire, 'living.tls.test')));
    expect(new Set(replies.map((reply) => reply?.status))).toEqual(new Set([200]));
    for (const wire of others) wire.close();
    const after = startTraffic(bench, [{ url: 'https://living.tls.test' }, { url: 'http://living.plain.test' }]);
    await after.more(10);
    await after.stop();
  }, 300_000);
});
