import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeInNamespace } from '../support/namespace';
import { startTraffic } from './support/background-traffic';
import { policyOf, useCliGateway } from './support/cli-gateway';
import { figure } from './support/figures';
import { sized } from './support/size';
import { SmallDisk } from './support/small-disk';

const DISK_KIB = 4096;
/** Room for a publication of this policy, and more; less is tried in so many steps. */
const ENOUGH_KIB = 800;
const STEPS = sized(50, 10);

const policy = (round: number): string =>
  policyOf('{ host: api.tls.test }', '{ host: api.plain.test, protocol: http }', `{ host: r${round}.tls.test }`);
const RESULT = /policy (in force|not put in force|written)[^]*\n/;

describeInNamespace('a full disk', () => {
  const gateway = useCliGateway();
  const disk = new SmallDisk(DISK_KIB);
  let round = 0;
  beforeAll(async () => {
    disk.mount();
    gateway.write(policy(round));
    await gateway.start({ temporary: disk.folder, args: ['--log', join(disk.folder, 'decisions.log')] });
  }, 60_000);
  afterAll(async () => {
    await gateway.stop();
    disk.remove();
  }, 30_000);

  /** Every file of the folder that Envoy reads. */
  function files(): Record<string, string> {
    const run = readdirSync(disk.folder).find((name) => existsSync(join(disk.folder, name, 'admin.sock'))) ?? '';
    const names = readdirSync(join(disk.folder, run), { recursive: true, encoding: 'utf8' }).sort();
    const read = names.filter((name) => name.endsWith('.yaml'));
    expect(names.filter((name) => !read.includes(name))).toEqual(['admin.sock', 'routes']);
    return Object.fromEntries(read.map((name) => [name, readFileSync(join(disk.folder, run, name), 'utf8')]));
  }

  /** The last policy that was taken is in force, the one after it is not. */
  async function expectInForce(): Promise<void> {
    expect(await gateway.reason(`https://r${round}.tls.test/`)).toBe('allowed');
    expect(await gateway.reason(`https://r${round + 1}.tls.test/`)).toBe('no_rule');
  }

  it('leaves the old rules in force and every file whole, however little room there is, and says so', async () => {
    const { envoy } = gateway;
    const traffic = startTraffic(gateway, [{ url: 'https://api.tls.test' }, { url: 'http://api.plain.test' }]);
    const refused: string[] = [];
    for (let step = 0; step <= STEPS; step++) {
      disk.fillBut(Math.floor((step * ENOUGH_KIB) / STEPS));
      const before = files();
      const said = await gateway.after(() => gateway.write(policy(round + 1)), RESULT);
      // What was tried again in the meantime may have gone well.
      if (!said.includes('not put in force')) {
        round += 1;
        expect(Object.values(files()).join()).toContain(`r${round}.tls.test`);
      } else {
        refused.push(said);
        expect(said).toMatch(/the old one stays:\n.*ENOSPC.*\n {2}It is tried again in 5 s\.\n/);
        expect(files()).toEqual(before);
      }
      await expectInForce();
    }
    await traffic.stop();
    const late = refused.filter((said) => said.includes('The new files cannot be written')).length;
    figure('amounts of room', `${STEPS + 1}; too little ${refused.length}, found after Envoy’s own check ${late}`);
    expect(refused.length).toBeGreaterThan(1);
    expect(late).toBeGreaterThan(0);
    expect(round).toBeGreaterThan(0);
    expect(gateway.envoy).toBe(envoy);
    expect(gateway.running.stderr).toContain('decisions.log gets no more lines: ENOSPC');
  }, 300_000);

  it('lets the new rules in once there is room, although nobody writes the policy again', async () => {
    disk.fill();
    await gateway.after(() => gateway.write(policy(round + 1)), RESULT);
    await expectInForce();
    await gateway.after(() => disk.empty(), /policy in force/);
    round += 1;
    await expectInForce();
  }, 60_000);

  it('is nothing to a policy that was cut off by it', async () => {
    disk.fill();
    const whole = policy(round + 1);
    const cut = whole.slice(0, whole.indexOf('plain'));
    const said = await gateway.after(() => writeFileSync(gateway.file, cut), /policy .*/);
    expect(said).toContain('policy not taken, the old one stays in force');
    await expectInForce();
    disk.empty();
  }, 30_000);
});
