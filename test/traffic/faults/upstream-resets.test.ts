import type net from 'node:net';
import { PUBLIC_V4, useBench } from '../support/bench';
import { clientHello } from '../support/client-hello';
import { absolute, connect, get } from '../support/clients';
import { eventually } from '../support/eventually';
import { describeInNamespace } from '../support/namespace';
import { Wire } from '../support/wire';
import { startTraffic } from './support/background-traffic';
import { openFiles } from './support/process-facts';
import { RawServer } from './support/raw-server';
import { sized } from './support/size';

const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - host: living.tls.test
      - host: living.plain.test
        protocol: http
      - host: bad.tls.test
        ports: [9001, 9002]
      - host: bad.plain.test
        protocol: http
        ports: [9001, 9002, 9003]
      - host: bad.tcp.test
        protocol: tcp
        ports: [9001, 9002]
        reason: a database
`;
/** Connections of each kind to a server that resets them. */
const TIMES = sized(200, 20);
const AT_A_TIME = 20;
const [AT_ONCE, AFTER_BYTES, IN_BODY] = [9001, 9002, 9003] as const;
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n';

const reset = (socket: net.Socket): void => void socket.resetAndDestroy();

describeInNamespace('an upstream that resets connections', () => {
  const bench = useBench(POLICY);
  const servers: RawServer[] = [];
  let filesBefore = 0;

  beforeAll(async () => {
    bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] });
    servers.push(
      await RawServer.listen(AT_ONCE, reset),
      await RawServer.listen(AFTER_BYTES, (socket) => socket.once('data', () => reset(socket))),
      await RawServer.listen(IN_BODY, (socket) =>
        socket.once('data', () => socket.write(`${HEAD}${'b'.repeat(1000)}`, () => reset(socket))),
      ),
    );
    filesBefore = openFiles(bench.gateway.pid);
  });
  afterAll(() => Promise.all(servers.map((server) => server.close())));

  /** Does `once` many times while honest clients ask. @returns what became of each, sorted, each outcome once */
  async function underTraffic(once: () => Promise<string>): Promise<string[]> {
    const traffic = startTraffic(bench, [{ url: 'https://living.tls.test' }, { url: 'http://living.plain.test' }]);
    const outcomes = new Set<string>();
    let left = TIMES;
    const client = async (): Promise<void> => {
      while (left-- > 0) outcomes.add(await once());
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, client));
    await traffic.more(4);
    await traffic.stop();
    return [...outcomes].sort();
  }

  /** A tunnel that sends `first` and waits. */
  async function tunnel(authority: string, first: Buffer | string): Promise<string> {
    const { reply, wire } = await connect(bench.port(), authority);
    if (reply.status !== 200) return `${reply.status} ${reply.headers['x-egress-reason']}`;
    const { text, closed } = await wire.write(first).rest();
    wire.close();
    return `${closed ? 'closed' : 'open'} after ${text.length} bytes`;
  }

  const plain = async (port: number): Promise<string> => {
    const { status, headers } = await absolute(bench.port(), `http://bad.plain.test:${port}/`);
    return `${status} ${headers['x-egress-reason']}`;
  };

  it('at once: tunnels close, plain requests are told', async () => {
    const hello = await clientHello('bad.tls.test');
    expect(await underTraffic(() => tunnel(`bad.tls.test:${AT_ONCE}`, hello))).toEqual(['closed after 0 bytes']);
    // The gateway may see the reset before it has answered the CONNECT.
    const either = ['503 unreachable', 'closed after 0 bytes'];
    const raw = await underTraffic(() => tunnel(`bad.tcp.test:${AT_ONCE}`, 'hello'));
    expect(raw.filter((outcome) => !either.includes(outcome))).toEqual([]);
    expect(await underTraffic(() => plain(AT_ONCE))).toEqual(['503 unreachable']);
  }, 120_000);

  it('after the first bytes, such as a ClientHello: the same', async () => {
    const hello = await clientHello('bad.tls.test');
    expect(await underTraffic(() => tunnel(`bad.tls.test:${AFTER_BYTES}`, hello))).toEqual(['closed after 0 bytes']);
    expect(await underTraffic(() => tunnel(`bad.tcp.test:${AFTER_BYTES}`, 'hello'))).toEqual(['closed after 0 bytes']);
    expect(await underTraffic(() => plain(AFTER_BYTES))).toEqual(['503 unreachable']);
    const inside = async (): Promise<string> => {
      const { wire } = await connect(bench.port(), `bad.plain.test:${AFTER_BYTES}`);
      const reply = await get(wire, `bad.plain.test:${AFTER_BYTES}`);
      wire.close();
      return `${reply?.status} ${reply?.headers['x-egress-reason']}`;
    };
    expect(await underTraffic(inside)).toEqual(['503 unreachable']);
  }, 120_000);

  it('in the middle of a body: the client sees that it is not whole', async () => {
    const host = `bad.plain.test:${IN_BODY}`;
    const cutOff = async (wire: Wire, request: string): Promise<string> => {
      const { text, closed } = await wire.write(request).rest();
      wire.close();
      const [head = '', body = ''] = text.split('\r\n\r\n');
      const promised = /content-length: (\d+)/i.exec(head)?.[1] ?? 'nothing';
      return `${closed ? 'closed' : 'open'}, ${promised} promised, ${body.length < 100_000 ? 'less' : 'all'} came`;
    };
    const expected = ['closed, 100000 promised, less came'];
    const direct = async (): Promise<string> =>
      cutOff(await Wire.open(bench.port()), `GET http://${host}/ HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    expect(await underTraffic(direct)).toEqual(expected);
    const inside = async (): Promise<string> => {
      const { wire } = await connect(bench.port(), host);
      return cutOff(wire, `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    };
    expect(await underTraffic(inside)).toEqual(expected);
  }, 120_000);

  it('leaves nothing behind', async () => {
    expect(servers.map(({ accepted }) => accepted >= TIMES)).toEqual([true, true, true]);
    // What is left of one kind would be TIMES or more; each of Envoy's threads keeps connections to the honest server for a while.
    await eventually(
      () => openFiles(bench.gateway.pid),
      (files) => files < filesBefore + TIMES / 2,
    );
  });
});
