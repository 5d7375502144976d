import { PUBLIC_V4, useBench } from '../support/bench';
import { clientHello } from '../support/client-hello';
import { connect } from '../support/clients';
import { eventually } from '../support/eventually';
import { describeInNamespace } from '../support/namespace';
import { startTraffic } from './support/background-traffic';
import { figure } from './support/figures';
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
      - host: down.tls.test
        ports: [9001]
      - host: down.plain.test
        protocol: http
        ports: [9001]
`;
const PORT = 9001;
const TIMES = sized(1000, 50);
const AT_A_TIME = 20;
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nback';

describeInNamespace('an upstream that refuses connections', () => {
  const bench = useBench(POLICY);
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  const tunnel = async (hello: Buffer): Promise<string> => {
    const { reply, wire } = await connect(bench.port(), `down.tls.test:${PORT}`);
    const { text, closed } = await wire.write(hello).rest();
    return `${reply.status}, then ${closed ? 'closed' : 'open'} after ${text.length} bytes`;
  };
  const plain = async (): Promise<string> => {
    const { reply } = await bench.ask(`http://down.plain.test:${PORT}/`);
    return `${reply?.status} ${reply?.headers['x-egress-reason'] ?? reply?.body}`;
  };

  it('is told from a refusal by policy, and is tried again with the next request once it is back', async () => {
    const hello = await clientHello('down.tls.test');
    const traffic = startTraffic(bench, [{ url: 'https://living.tls.test' }, { url: 'http://living.plain.test' }]);
    const outcomes = new Set<string>();
    let left = TIMES;
    const client = async (): Promise<void> => {
      while (left-- > 0) outcomes.add(left % 2 === 0 ? await tunnel(hello) : await plain());
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, client));
    expect([...outcomes].sort()).toEqual(['200, then closed after 0 bytes', '503 unreachable']);
    const lines = bench.log.lines.filter(({ authority }) => authority?.startsWith('down.') === true);
    const decided = lines
      .filter(({ decision }) => decision !== 'pending')
      .map((line) => `${line.decision} ${line.reason}`);
    expect(new Set(decided)).toEqual(new Set(['allowed unreachable']));

    const server = await RawServer.listen(PORT, (socket) => socket.once('data', () => socket.end(ANSWER)));
    const back = performance.now();
    expect(await plain()).toBe('200 back');
    figure('a server that is back answers after', performance.now() - back, 'ms');
    const { wire } = await connect(bench.port(), `down.tls.test:${PORT}`);
    expect(await wire.write(hello).rest()).toMatchObject({ text: ANSWER, closed: true });
    await server.close();
    await eventually(plain, (text) => text === '503 unreachable');
    await traffic.more(4);
    await traffic.stop();
  }, 120_000);
});
