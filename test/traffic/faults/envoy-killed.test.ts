import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../lib/cli/support/running';
import { MAIN_PORT } from '../support/bench';
import { eventually } from '../support/eventually';
import { describeInNamespace } from '../support/namespace';
import { Wire } from '../support/wire';
import { startTraffic, type Question } from './support/background-traffic';
import { policyOf, useCliGateway } from './support/cli-gateway';
import { sized } from './support/size';

const POLICY = policyOf('{ host: api.tls.test }', '{ host: api.plain.test, protocol: http }');
const QUESTIONS: readonly Question[] = [
  { url: 'https://api.tls.test' },
  { url: 'http://api.plain.test' },
  { url: 'http://api.plain.test', form: 'connect' },
];
const TIMES = sized(10, 2);

describeInNamespace('a gateway that is killed while requests run', () => {
  const gateway = useCliGateway();
  afterEach(() => gateway.stop());

  /** Nothing listens any more, and nobody reaches a server. */
  async function isShut(): Promise<void> {
    gateway.upstreams.forget();
    gateway.dns.forget();
    // The system takes a moment to close what a killed process had open.
    await eventually(
      () =>
        Wire.open(MAIN_PORT).then(
          (wire) => wire.close(),
          (error: NodeJS.ErrnoException) => error.code,
        ),
      (answer) => answer === 'ECONNREFUSED',
    );
    expect([gateway.upstreams.dialled, gateway.dns.names]).toEqual([[], []]);
  }

  it('ends with an error when Envoy is killed, and serves again once it is started again', async () => {
    gateway.write(POLICY);
    await gateway.start();
    const traffic = startTraffic(gateway, QUESTIONS);
    for (let i = 0; i < TIMES; i++) {
      await traffic.more(2 * QUESTIONS.length);
      traffic.tolerateRefusals(true);
      process.kill(gateway.envoy, 'SIGKILL');
      const { code, stderr } = await gateway.running.ended;
      expect(code).toBe(1);
      expect(stderr).toMatch(/^error: Envoy was ended by SIGKILL/m);
      expect(readdirSync(join(gateway.folder.path, 'tmp'))).toEqual([]);
      await isShut();
      await gateway.start();
      await traffic.more(QUESTIONS.length);
      traffic.tolerateRefusals(false);
    }
    const { refused } = await traffic.stop();
    expect(refused).toBeGreaterThan(0);
  }, 300_000);

  it('takes Envoy with it when it is killed itself: nobody would withdraw a rule from it any more', async () => {
    gateway.write(POLICY);
    for (let i = 0; i < TIMES; i++) {
      await gateway.start();
      const traffic = startTraffic(gateway, QUESTIONS);
      await traffic.more(2 * QUESTIONS.length);
      traffic.tolerateRefusals(true);
      const { envoy } = gateway;
      process.kill(gateway.running.pid, 'SIGKILL');
      await gateway.running.ended;
      await eventually(
        () => isAlive(envoy),
        (alive) => !alive,
      );
      await traffic.stop();
      await isShut();
    }
  }, 300_000);
});
