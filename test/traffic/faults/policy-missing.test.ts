import { chmodSync, mkdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { describeInNamespace } from '../support/namespace';
import { startTraffic } from './support/background-traffic';
import { policyOf, useCliGateway, type CliGateway } from './support/cli-gateway';
import { sized } from './support/size';

const policy = (round: string): string =>
  policyOf('{ host: api.tls.test }', '{ host: api.plain.test, protocol: http }', `{ host: ${round}.tls.test }`);

interface Loss {
  readonly lose: (gateway: CliGateway) => void;
  readonly why: RegExp;
  /** Makes room for the next file, where a rename does not. */
  readonly clear?: (gateway: CliGateway) => void;
}

const LOSSES: readonly (readonly [string, Loss])[] = [
  ['removed', { lose: ({ file }) => rmSync(file), why: /there is no such file/ }],
  ['renamed', { lose: ({ file }) => renameSync(file, `${file}.away`), why: /there is no such file/ }],
  [
    'replaced by a folder',
    {
      lose: ({ file }) => {
        rmSync(file);
        mkdirSync(file);
      },
      why: /this is a folder/,
      clear: ({ file }) => rmdirSync(file),
    },
  ],
  ['made unreadable', { lose: ({ file }) => chmodSync(file, 0o000), why: /reading it is not permitted/ }],
  ['replaced by a link to nowhere', { lose: (gateway) => gateway.link('nowhere'), why: /there is no such file/ }],
  ['replaced by a link to itself', { lose: (gateway) => gateway.link('egress.yaml'), why: /ELOOP/ }],
];

describeInNamespace('a policy file that is lost', () => {
  const gateway = useCliGateway();
  let round = 0;

  beforeAll(async () => {
    gateway.write(policy('r0'));
    await gateway.start();
  }, 60_000);

  it.each(LOSSES)(
    '%s: the old rules stay, it says why, and the next file counts',
    async (_what, loss) => {
      const { envoy } = gateway;
      const traffic = startTraffic(gateway, [{ url: 'https://api.tls.test' }, { url: 'http://api.plain.test' }]);
      for (let i = 0; i < sized(5); i++) {
        const said = await gateway.after(() => loss.lose(gateway), loss.why);
        expect(said).toContain('policy not taken, the old one stays in force:\n  ');
        expect(await gateway.reason(`https://r${round}.tls.test/`)).toBe('allowed');
        await traffic.more(2);
        round += 1;
        loss.clear?.(gateway);
        await gateway.after(() => gateway.write(policy(`r${round}`)), /policy in force/);
        expect(await gateway.reason(`https://r${round}.tls.test/`)).toBe('allowed');
        expect(await gateway.reason(`https://r${round - 1}.tls.test/`)).toBe('no_rule');
      }
      await traffic.stop();
      expect(gateway.envoy).toBe(envoy);
    },
    120_000,
  );
});
