import { setTimeout as delay } from 'node:timers/promises';
import { MAIN_PORT } from '../support/bench';
import { connect, get, startTls } from '../support/clients';
import { eventually } from '../support/eventually';
import { describeInNamespace } from '../support/namespace';
import { Wire } from '../support/wire';
import { startTraffic } from './support/background-traffic';
import { policyOf, useCliGateway } from './support/cli-gateway';
import { sized } from './support/size';

const POLICY = policyOf('{ host: api.tls.test }', '{ host: api.plain.test, protocol: http }');
const PLAIN = 'api.plain.test';
/** Requests of each kind that are under way. */
const EACH = sized(50, 5);
const BODY_BYTES = 20_000_000;

describeInNamespace('SIGTERM while requests run', () => {
  const gateway = useCliGateway();
  beforeEach(() => gateway.write(POLICY));
  afterEach(() => gateway.stop());

  /** Requests of every kind whose first byte has come; the last one comes after so many seconds. */
  async function streams(seconds: number): Promise<Wire[]> {
    const path = `/stream?seconds=${seconds}`;
    const absolute = async (): Promise<Wire> =>
      (await Wire.open(MAIN_PORT)).write(`GET http://${PLAIN}${path} HTTP/1.1\r\nHost: ${PLAIN}\r\n\r\n`);
    const plain = async (): Promise<Wire> =>
      (await connect(MAIN_PORT, `${PLAIN}:80`)).wire.write(`GET ${path} HTTP/1.1\r\nHost: ${PLAIN}\r\n\r\n`);
    const secured = async (): Promise<Wire> => {
      const { wire } = await connect(MAIN_PORT, 'api.tls.test:443');
      const inside = (await startTls(wire, { sni: 'api.tls.test' })) as Wire;
      return inside.write(`GET ${path} HTTP/1.1\r\nHost: api.tls.test\r\nConnection: close\r\n\r\n`);
    };
    const wires: Wire[] = [];
    for (let i = 0; i < EACH; i++) wires.push(...(await Promise.all([absolute(), plain(), secured()])));
    for (const wire of wires) await wire.line('.', 30_000);
    return wires;
  }

  /** What came of a stream: whole with its end, or cut. */
  async function whole(wire: Wire): Promise<boolean> {
    const end = await wire.line('end\r\n0\r\n\r\n', 60_000);
    wire.close();
    return end !== undefined;
  }

  it('lets all of them end, takes no new one, and exits when the last has ended', async () => {
    await gateway.start({ args: ['--drain-seconds', '60'] });
    const traffic = startTraffic(gateway, [{ url: 'https://api.tls.test' }, { url: `http://${PLAIN}` }]);
    const [running, idle] = [await streams(8), await Wire.open(MAIN_PORT)];
    expect((await get(idle, PLAIN, `http://${PLAIN}/`))?.status).toBe(200);
    await traffic.more(4);
    traffic.tolerateRefusals(true);
    const started = Date.now();
    process.kill(gateway.running.pid, 'SIGTERM');
    await eventually(
      () => Wire.open(MAIN_PORT).then((wire) => wire.close(), (error: NodeJS.ErrnoException) => error.code), // prettier-ignore
      (answer) => answer === 'ECONNREFUSED',
    );
    gateway.upstreams.forget();
    expect(await Promise.all(running.map(whole))).toEqual(running.map(() => true));
    expect(gateway.upstreams.arrivals).toEqual([]);
    const { code, stderr } = await gateway.running.ended;
    expect(code).toBe(0);
    expect(stderr).toContain('no new connections from here on; those under way may end, for 60 s');
    expect(stderr).not.toMatch(/ cut$/m);
    expect(Date.now() - started).toBeLessThan(60_000);
    expect((await idle.rest()).closed).toBe(true);
    await traffic.stop();
  }, 120_000);

  it('sends a long answer whole to a client that reads slowly', async () => {
    await gateway.start({ args: ['--drain-seconds', '60'] });
    const wire = await Wire.open(MAIN_PORT);
    wire.write(`GET http://${PLAIN}/bytes?bytes=${BODY_BYTES} HTTP/1.1\r\nHost: ${PLAIN}\r\n\r\n`);
    await wire.line('\r\n\r\n');
    wire.release(); // nobody reads
    process.kill(gateway.running.pid, 'SIGTERM');
    await gateway.running.says(/no new connections from here on/);
    // Long enough for a gateway that does not wait to end.
    await Promise.race([gateway.running.ended, delay(2000)]);
    let bytes = 0;
    for await (const chunk of wire.socket) bytes += (chunk as Buffer).length;
    expect(bytes).toBe(BODY_BYTES);
    expect((await gateway.running.ended).code).toBe(0);
  }, 60_000);

  it('cuts what is still open when the time is over, and says how much that was', async () => {
    await gateway.start({ args: ['--drain-seconds', '2'] });
    const running = await streams(40);
    const started = Date.now();
    const { code, stderr } = await gateway.running.end();
    const seconds = (Date.now() - started) / 1000;
    expect(code).toBe(0);
    expect(stderr).toContain(`${running.length} requests and tunnels were cut`);
    expect(seconds).toBeGreaterThanOrEqual(2);
    expect(seconds).toBeLessThan(20);
    expect(await Promise.all(running.map(whole))).toEqual(running.map(() => false));
  }, 60_000);

  it('ends at once with a second signal', async () => {
    await gateway.start({ args: ['--drain-seconds', '600'] });
    const running = await streams(40);
    process.kill(gateway.running.pid, 'SIGTERM');
    await gateway.running.says(/no new connections from here on/);
    expect((await gateway.running.end()).code).toBe(1);
    for (const wire of running) expect((await wire.rest()).closed).toBe(true);
  }, 60_000);
});
