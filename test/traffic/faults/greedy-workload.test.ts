import { execFileSync } from 'node:child_process';
import { connectionsThatFit } from '../../../lib/gateway/open-files';
import { PUBLIC_V4, useBench, type Bench } from '../support/bench';
import { clientHello } from '../support/client-hello';
import { eventually } from '../support/eventually';
import { describeInNamespace } from '../support/namespace';
import { startTraffic } from './support/background-traffic';
import { Child } from './support/child';
import { figure } from './support/figures';
import type { Flood, GreedyCount } from './support/greedy-client';
import { openFiles, residentMiB } from './support/process-facts';
import { RawServer } from './support/raw-server';
import { sized } from './support/size';

const policy = (more = ''): string => `
version: 1
workloads:
  honest:
    port: 10000
    allow:
      - hosts: ["*.tls.test"]
      - host: living.plain.test
        protocol: http
${more}
  greedy:
    port: 10001
    allow:
      - hosts: ["*.dead.test", "*.alive.test"]
      - hosts: ["*.dead.test", "*.alive.test"]
        protocol: http
        ports: [9001]
      - { host: held.tcp.test, protocol: tcp, ports: [8443], reason: an echo }
`;
const GREEDY = 10_001;
/** Beside the bench's own server: it takes more questions a second. */
const DNS = { address: '127.0.0.54', port: 53, answer: PUBLIC_V4 };
const FLOOD_MS = sized(8000, 3000);
const AT_A_TIME = sized(200, 50);
/** Ever new names at a time; each is held for as long as an impatient client waits. */
const NAMES: Pick<Flood, 'port' | 'atATime' | 'holdMs'> = { port: GREEDY, atATime: sized(100, 40), holdMs: 100 };
/** What an honest client may wait at most: its own time-outs would be longer. */
const SLOWEST_MS = 8000;
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';

/** Asks for one new name after the other, as long as it is told to. */
function askNewNames(bench: Bench): { stop(): Promise<{ asked: number; wrong: string[]; slowestMs: number }> } {
  const result = { asked: 0, wrong: [] as string[], slowestMs: 0 };
  let running = true;
  const done = (async () => {
    while (running) {
      const started = performance.now();
      const url = `https://new${(result.asked += 1)}.tls.test/`;
      const status = await bench.ask(url).then(
        ({ reply }) => `${reply?.status}`,
        (error: Error) => error.message,
      );
      if (status !== '200') result.wrong.push(`${url}: ${status}`);
      result.slowestMs = Math.max(result.slowestMs, performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return result;
  })();
  return {
    stop: () => {
      running = false;
      return done;
    },
  };
}

/** A bench whose DNS and far ends are processes of their own. */
function useGreedyBench(maxConnections: number): { bench: Bench; start: (script: string) => Promise<Child> } {
  const children: Child[] = [];
  const start = async (script: string): Promise<Child> => {
    const child = await Child.start(script);
    children.push(child);
    return child;
  };
  const bench = useBench(policy(), {
    ports: { 80: 'http', 443: 'https' },
    compile: { dns: [`${DNS.address}:${DNS.port}`], maxConnections },
    concurrency: 2,
  });
  beforeAll(async () => {
    await (await start('plain-dns')).ask('listen', DNS);
    await (await start('echo-server')).ask('listen', 8443);
  });
  afterAll(() => Promise.all(children.map((child) => child.end())));
  return { bench, start };
}

interface Seen {
  readonly count: GreedyCount;
  /** Tunnels of the greedy one that were open at a time. */
  readonly mostOpen: number;
  readonly mostFiles: number;
}

/** Lets one workload flood while another one asks, known names and new ones, and expects nothing of that to be wrong or slow. */
async function besideHonest(bench: Bench, client: Child, flood: Flood, during?: () => Promise<void>): Promise<Seen> {
  const { pid } = bench.gateway;
  const traffic = startTraffic(bench, [{ url: 'https://living.tls.test' }, { url: 'http://living.plain.test' }]);
  await traffic.more(4);
  const newNames = askNewNames(bench);
  await client.ask('flood', flood);
  let [mostOpen, mostFiles] = [0, 0];
  const end = Date.now() + FLOOD_MS;
  while (Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    mostOpen = Math.max(mostOpen, (await client.ask<GreedyCount>('count')).open);
    mostFiles = Math.max(mostFiles, openFiles(pid));
  }
  await during?.();
  const [known, fresh] = [await traffic.stop(), await newNames.stop()];
  const count = await client.ask<GreedyCount>('stop');
  await client.end();
  figure('greedy', `${count.tried} tried, answers ${JSON.stringify(count.answers)}`);
  figure('Envoy', `${Math.round(residentMiB(pid))} MiB, ${mostFiles} open files at most`);
  figure('honest', `median ${known.medianMs} ms, 99 % ${known.p99Ms} ms, slowest ${known.slowestMs} ms`);
  figure('honest, new names', `${fresh.asked} asked, slowest ${Math.round(fresh.slowestMs)} ms`);
  expect(fresh.wrong).toEqual([]);
  expect(fresh.asked).toBeGreaterThan(5);
  expect(Math.max(known.slowestMs, fresh.slowestMs)).toBeLessThan(SLOWEST_MS);
  return { count, mostOpen, mostFiles };
}

/** Puts a policy in force that lets the honest workload reach one host more, and asks for it. */
async function changePolicy(bench: Bench): Promise<void> {
  const started = performance.now();
  await bench.publish(policy('      - { host: added.plain.test, protocol: http }'));
  await eventually(
    async () => (await bench.ask('http://added.plain.test/')).reply?.status,
    (status) => status === 200,
  );
  figure('a change of the policy meanwhile', performance.now() - started, 'ms');
  await bench.publish(policy());
}

describeInNamespace('a workload that never has enough does not starve another one', () => {
  const maxConnections = sized(20_000, 2000);
  /** Of one workload, as the default says: half of all, and 4,000 at most. */
  const cap = Math.min(4000, maxConnections / 2);
  const { bench, start } = useGreedyBench(maxConnections);
  const server: RawServer[] = [];
  beforeAll(async () => {
    // A server that keeps every connection.
    server.push(await RawServer.listen(9001, (socket) => socket.on('data', () => socket.write(ANSWER))));
  });
  afterAll(() => Promise.all(server.map((each) => each.close())));

  it('of tunnels: it has its share, and what is beyond is closed', async () => {
    const client = await start('greedy-client');
    const first = Buffer.from('hello').toString('base64');
    await client.ask('open', { port: GREEDY, authority: 'held.tcp.test:8443', count: cap - 50, first });
    const flood = { port: GREEDY, authority: 'held.tcp.test:8443', first, atATime: AT_A_TIME };
    const { mostOpen, mostFiles, count } = await besideHonest(bench, client, flood);
    expect(mostOpen).toBeGreaterThan(cap - 60);
    expect(mostOpen).toBeLessThanOrEqual(cap);
    expect(mostFiles).toBeLessThan(2 * cap + 200);
    expect(count.answers.closed).toBeGreaterThan(100);
  }, 120_000);

  it('of servers that keep the connections of plain HTTP', async () => {
    const flood = { port: GREEDY, authority: '', url: 'http://k{n}.alive.test:9001/', atATime: AT_A_TIME };
    const { mostFiles } = await besideHonest(bench, await start('greedy-client'), flood);
    expect(mostFiles).toBeLessThan(2 * cap + 500);
  }, 120_000);

  it('of names that never answer', async () => {
    const first = (await clientHello('n.dead.test')).toString('base64');
    const flood = { ...NAMES, authority: 'n{n}.dead.test:443', first };
    const { count } = await besideHonest(bench, await start('greedy-client'), flood, () => changePolicy(bench));
    expect(count.tried).toBeGreaterThan(500);
  }, 120_000);

  it('of names that never answer, over plain HTTP', async () => {
    const flood = { ...NAMES, authority: '', url: 'http://n{n}.dead.test:9001/' };
    await besideHonest(bench, await start('greedy-client'), flood, () => changePolicy(bench));
  }, 120_000);

  it('of names that answer', async () => {
    const first = (await clientHello('n.alive.test')).toString('base64');
    const flood = { ...NAMES, authority: 'n{n}.alive.test:443', first };
    const { count } = await besideHonest(bench, await start('greedy-client'), flood, () => changePolicy(bench));
    expect(count.answers['200']).toBeGreaterThan(100);
  }, 120_000);
});

describeInNamespace('an Envoy that may open few files', () => {
  const FILES = 1024;
  const { bench, start } = useGreedyBench(connectionsThatFit(FILES) ?? 0);

  it('lives on: connections are refused before there are no files left', async () => {
    execFileSync('prlimit', ['--pid', String(bench.gateway.pid), `--nofile=${FILES}:${FILES}`]);
    let ended = false;
    void bench.gateway.exited.then(() => (ended = true));
    const first = Buffer.from('hello').toString('base64');
    const flood = { port: GREEDY, authority: 'held.tcp.test:8443', first, atATime: AT_A_TIME };
    const { count, mostOpen } = await besideHonest(bench, await start('greedy-client'), flood);
    expect(ended).toBe(false);
    expect(mostOpen).toBeGreaterThan(100);
    expect(count.answers.closed).toBeGreaterThan(100);
  }, 120_000);
});
