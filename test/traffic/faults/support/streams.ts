import type { Bench } from '../../support/bench';
import { connect, get, startTls } from '../../support/clients';
import type { Wire } from '../../support/wire';

/** A tunnel, or a request, that stays open. */
export interface Stream {
  readonly host: string;
  readonly wire: Wire;
  /** Sends something through it, and fails where the right thing does not come back. */
  readonly ask: () => Promise<void>;
}

type Kind = 'tls' | 'plain' | 'tcp';
const OPEN: Readonly<Record<Kind, (bench: Bench, host: string) => Promise<Stream>>> = {
  tls: openTls,
  plain: openPlain,
  tcp: openTcp,
};

/** So many in all, of hosts in turn; the host's second label says which kind it is: `api.tls.test`, `x.plain.test`, `y.tcp.test`. */
export async function openStreams(bench: Bench, count: number, hosts: readonly string[]): Promise<Stream[]> {
  const streams: Stream[] = [];
  for (let i = 0; i < count; i++) {
    const host = hosts[i % hosts.length] ?? '';
    const stream = await OPEN[host.split('.')[1] as Kind](bench, host);
    // A tunnel to an http rule is closed where no request comes within two seconds.
    await stream.ask();
    streams.push(stream);
  }
  return streams;
}

/** Asks through each of them; the gateway itself closes one to an `http` rule that has had no request for a minute. */
export async function stillStreams(streams: readonly Stream[]): Promise<void> {
  for (const { ask } of streams) await ask();
}

/** How many of them are closed within that time. */
export async function closedWithin(streams: readonly Stream[], ms: number): Promise<number> {
  const rests = await Promise.all(streams.map(({ wire }) => wire.rest(ms)));
  return rests.filter(({ closed }) => closed).length;
}

async function openTls(bench: Bench, host: string): Promise<Stream> {
  const { wire: tunnel } = await connect(bench.port(), `${host}:443`);
  const wire = await startTls(tunnel, { sni: host });
  if (wire === undefined) throw new Error(`${host}: closed during the handshake`);
  return { host, wire, ask: () => answers(wire, host) };
}

async function openPlain(bench: Bench, host: string): Promise<Stream> {
  const { wire } = await connect(bench.port(), `${host}:80`);
  return { host, wire, ask: () => answers(wire, host) };
}

async function openTcp(bench: Bench, host: string): Promise<Stream> {
  const { wire } = await connect(bench.port(), `${host}:5432`);
  return { host, wire, ask: () => echoes(wire, host) };
}

async function answers(wire: Wire, host: string): Promise<void> {
  const reply = await get(wire, host, '/kept');
  if (reply?.status !== 200) throw new Error(`${host}: the tunnel was cut: ${JSON.stringify(reply)}`);
}

async function echoes(wire: Wire, host: string): Promise<void> {
  wire.write('ping\n');
  if ((await wire.line()) !== 'ping\n') throw new Error(`${host}: the tunnel was cut`);
}
