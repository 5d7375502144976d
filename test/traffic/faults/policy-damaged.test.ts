import { truncateSync, writeFileSync } from 'node:fs';
import { EgressPolicy } from '../../../lib/policy/policy';
import { describeInNamespace } from '../support/namespace';
import { startTraffic, type BackgroundTraffic } from './support/background-traffic';
import { policyOf, useCliGateway } from './support/cli-gateway';
import { residentMiB } from './support/process-facts';
import { sized } from './support/size';

const STAYS = ['{ host: api.tls.test, reason: "caf\u00e9" }', '{ host: api.plain.test, protocol: http }'];
const OLD = policyOf(...STAYS, '{ host: old.tls.test }');
const NEXT = policyOf(...STAYS, '{ host: new.tls.test, owner: "m\u00fcller" }');
const BIG_BYTES = 50_000_000;
/** What reading a file may cost the gateway's own process for good; a policy of 50 MB would need gigabytes. */
const MEMORY_MIB = 100;

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
/** A policy of that size which is right, but for its size. */
const bigPolicy = (): Buffer => Buffer.concat([Buffer.from(NEXT), Buffer.alloc(BIG_BYTES, '# filled up\n')]);

/** Damaged files, and what is said about them. */
const DAMAGED: readonly (readonly [string, () => string | Buffer, RegExp])[] = [
  ['empty', () => '', /egress\.yaml:1:1: the policy is empty; write `version: 1`/],
  ['only white space', () => '\n \n\n', /the policy is empty/],
  ['UTF-16 with a mark', () => utf16(`\ufeff${NEXT}`), /"egress\.yaml": it is not UTF-8; save it as UTF-8/],
  ['UTF-16, the other way round', () => utf16(`\ufeff${NEXT}`).swap16(), /it is not UTF-8/],
  ['UTF-16 without a mark', () => utf16(NEXT.replace(/[^\0-\x7f]/g, '')), /U\+0000/],
  ['Latin-1', () => Buffer.from(NEXT, 'latin1'), /it is not UTF-8/],
  ['with a NUL in a name', () => NEXT.replace('new.tls', 'new\0.tls'), /U\+0000/],
  ['with a tail of NULs, as after a crash', () => NEXT + '\0'.repeat(4096), /U\+0000/],
  ['all NULs', () => Buffer.alloc(NEXT.length), /U\+0000/],
  ['two files in one', () => `${NEXT}---\n${NEXT}`, /a second document begins here/],
  ['a web page', () => '<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n', /not valid YAML|is a mapping/],
  ['50 MB of a policy', bigPolicy, /it is bigger than 16 MiB/],
  ['50 MB of one letter', () => Buffer.alloc(BIG_BYTES, 'a'), /it is bigger than 16 MiB/],
  ['an endless device', () => 'device', /it is bigger than 16 MiB/],
];

const TAKEN = /policy (in force|written|not taken|not put in force)/;
const NOT_TAKEN = /^policy not taken, the old one stays in force:\n {2}/m;

/** Beginnings of a policy that are no policy themselves. Those that are one mean what they say: a file has to be replaced as a whole. */
function cutOff(count: number): string[] {
  const invalid = Array.from({ length: NEXT.length }, (_, length) => NEXT.slice(0, length)).filter((text) => {
    try {
      return EgressPolicy.fromYaml(text) === undefined;
    } catch {
      return true;
    }
  });
  return Array.from({ length: count }, (_, i) => invalid[Math.floor((i * invalid.length) / count)] ?? '');
}

describeInNamespace('a damaged policy file', () => {
  const gateway = useCliGateway();
  let traffic: BackgroundTraffic;
  let envoy: number;

  beforeAll(async () => {
    gateway.write(OLD);
    await gateway.start();
    envoy = gateway.envoy;
  }, 60_000);
  beforeEach(() => {
    traffic = startTraffic(gateway, [{ url: 'https://api.tls.test' }, { url: 'http://api.plain.test' }]);
  });
  afterEach(() => traffic.stop());

  async function expectOld(): Promise<void> {
    const hosts = ['old', 'new'].map((name) => gateway.reason(`https://${name}.tls.test/`));
    expect(await Promise.all(hosts)).toEqual(['allowed', 'no_rule']);
    expect(gateway.envoy).toBe(envoy);
    await traffic.more(2);
  }

  it.each(DAMAGED)(
    'is not taken, the old rules stay, and it says why: %s',
    async (_what, content, why) => {
      const before = residentMiB(gateway.running.pid);
      const text = content();
      const write = (): void => (text === 'device' ? gateway.link('/dev/zero') : gateway.write(text));
      const said = await gateway.after(write, TAKEN);
      expect(said).toMatch(NOT_TAKEN);
      expect(said).toMatch(why);
      expect(said).not.toContain('\0');
      await expectOld();
      expect(residentMiB(gateway.running.pid) - before).toBeLessThan(MEMORY_MIB);
    },
    60_000,
  );

  it('is not taken while somebody writes into it and stops halfway, wherever that is', async () => {
    await gateway.after(() => gateway.write(OLD), /the same meaning/);
    for (const text of cutOff(sized(60, 6))) {
      const said = await gateway.after(() => writeFileSync(gateway.file, text), TAKEN);
      expect([text, said]).toEqual([text, expect.stringMatching(NOT_TAKEN)]);
    }
    await expectOld();
  }, 120_000);

  it('is read again when it was cut to nothing and then written', async () => {
    expect(await gateway.after(() => truncateSync(gateway.file, 0), /policy is empty/)).toMatch(NOT_TAKEN);
    await gateway.after(() => writeFileSync(gateway.file, `\ufeff${OLD}`), /the same meaning/);
    await expectOld();
  }, 30_000);

  it('does no harm to the next one that is right', async () => {
    await gateway.after(() => gateway.write(NEXT), /policy in force/);
    expect(await gateway.reason('https://new.tls.test/')).toBe('allowed');
    expect(await gateway.reason('https://old.tls.test/')).toBe('no_rule');
    expect(gateway.envoy).toBe(envoy);
  }, 30_000);
});
