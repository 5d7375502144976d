import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAIN_PORT } from '../support/bench';
import { describeWithPythonTools } from '../support/python-tools';
import { SyncBench, type SyncEvent } from '../support/sync-bench';
import { startTraffic } from './support/background-traffic';
import { policyOf } from './support/cli-gateway';
import { figure } from './support/figures';
import { sized } from './support/size';
import { SmallDisk } from './support/small-disk';
import { connect } from '../support/clients';

const DISK_KIB = 8192;
/** Room for a publication of this policy, and more; less is tried in so many steps, small ones where there is least. */
const ENOUGH_KIB = 1600;
const STEPS = sized(24, 4);

const policy = (round: number, step = 0): string =>
  policyOf(
    '{ host: api.tls.test }',
    `{ host: api.plain.test, protocol: http, paths: [/, /${step}/] }`,
    `{ host: r${round}.tls.test }`,
  );

describeWithPythonTools('a full disk under the containers of a gateway task', (bin) => {
  const bench = new SyncBench(bin);
  const disk = new SmallDisk(DISK_KIB);
  let round = 0;
  beforeAll(async () => {
    await bench.open();
    disk.mount(bench.directory);
    await bench.deliver(bench.compiled(policy(round)));
    bench.startSync();
    await bench.startEnvoy();
  }, 90_000);
  afterAll(async () => {
    await bench.stopSync();
    disk.remove();
    await bench.close();
  }, 30_000);

  /** Every file that Envoy reads. */
  function files(): Record<string, string> {
    const names = readdirSync(bench.directory, { recursive: true, encoding: 'utf8' }).sort();
    const read = names.filter((name) => name.endsWith('.yaml') && !name.startsWith('.'));
    return Object.fromEntries(read.map((name) => [name, readFileSync(join(bench.directory, name), 'utf8')]));
  }

  async function reason(host: string): Promise<string | undefined> {
    const { reply, wire } = await connect(MAIN_PORT, `${host}:443`);
    wire.close();
    return reply.headers['x-egress-reason'];
  }

  async function expectInForce(): Promise<void> {
    expect(await reason(`r${round}.tls.test`)).toBeUndefined();
    expect(await reason(`r${round + 1}.tls.test`)).toBe('no_rule');
  }

  const about =
    (wanted: string) =>
    (line: SyncEvent): boolean =>
      line.version === wanted;

  it('leaves the old configuration in force and every file whole, however little room there is, and says so', async () => {
    const traffic = startTraffic(bench, [{ url: 'https://api.tls.test' }, { url: 'http://api.plain.test' }]);
    let refused = 0;
    for (let step = 0; step <= STEPS; step++) {
      bench.events.length = 0;
      disk.fillBut(Math.floor(ENOUGH_KIB * (step / STEPS) ** 2));
      const before = files();
      // Another version each time: the same trouble with the same one is told once a minute.
      const wanted = await bench.deliver(bench.compiled(policy(round + 1, step)));
      const { event, error } = await bench.anyEvent(['applied', 'refused', 'unwritten'], about(wanted));
      if (event === 'applied') {
        round += 1;
        expect(Object.values(files()).join()).toContain(`r${round}.tls.test`);
      } else {
        refused += 1;
        expect(error).toContain('the files cannot be written');
        expect(files()).toEqual(before);
      }
      await expectInForce();
    }
    await traffic.stop();
    figure('amounts of room', `${STEPS + 1}; too little ${refused}`);
    expect(refused).toBeGreaterThan(1);
    expect(round).toBeGreaterThan(0);
  }, 300_000);

  it('lets the new one in once there is room, although nobody delivers it again', async () => {
    disk.fill();
    bench.events.length = 0;
    const wanted = await bench.deliver(bench.compiled(policy(round + 1)));
    await bench.anyEvent(['refused', 'unwritten'], about(wanted));
    await expectInForce();
    disk.empty();
    await bench.event('applied', about(wanted));
    round += 1;
    await expectInForce();
    expect(bench.version).toBe(wanted);
  }, 90_000);
});
