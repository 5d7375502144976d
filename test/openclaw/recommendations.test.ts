import { readFileSync } from 'node:fs';
import ipaddr from 'ipaddr.js';
import { NO_TRACES, PUBLIC_V4, useBench } from '../traffic/support/bench';
import { run } from '../traffic/support/real-clients';
import { describeWithOpenClaw, inPackage } from './support/openclaw';

/*
 * What the installed OpenClaw's docs/security/network-proxy.md asks of a proxy: its curl commands, and its table of destinations to block, read
 * from that page, so that a row of a later version is tested as well.
 */
const POLICY = `
version: 1
workloads:
  openclaw:
    port: 10000
    allow:
      - host: example.com
      - hosts: ["*.tls.test"]
      - hosts: ["*.plain.test", metadata.google.internal, localhost.localdomain]
        protocol: http
`;

const page = (): string => readFileSync(inPackage('docs', 'security', 'network-proxy.md'), 'utf8');

/** The first column of the table, each range or name once. */
function blocked(): string[] {
  const [, section = ''] = page().split('## Recommended blocked destinations');
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
  return [
    ...new Set(rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, it]) => it ?? ''))),
  ];
}

const isName = (it: string): boolean => /^[a-z.]*[a-z]$/.test(it) && !it.includes(':');

/** The first and the last address of a range, and one in its middle; a single address alone. */
function addressesIn(range: string): string[] {
  const [address, bits] = ipaddr.parseCIDR(range.includes('/') ? range : `${range}/32`);
  const bytes = address.toByteArray();
  const fill = (value: (byte: number) => number): string => {
    const filled = bytes.map((byte, at) => {
      const mask = 0xff00 >> Math.min(8, Math.max(0, bits - 8 * at));
      return (byte & mask & 0xff) | (value(at) & ~mask & 0xff);
    });
    return ipaddr.fromByteArray(filled).toString();
  };
  return [...new Set([fill(() => 0), fill((at) => (at === bytes.length - 1 ? 9 : 0x5a)), fill(() => 0xff)])];
}

describeWithOpenClaw("OpenClaw's recommendations for a proxy", () => {
  const bench = useBench(POLICY, {
    names: {
      'example.com': [PUBLIC_V4],
      'metadata.google.internal': ['169.254.169.254'],
      'localhost.localdomain': ['127.0.0.1', '::1'],
    },
  });
  jest.setTimeout(120_000);
  let count = 0;
  const fresh = (zone: string): string => `n${++count}.${zone}`;

  describe('the commands for curl', () => {
    const commands = (): string[] => page().match(/^curl -x .*$/gm) ?? [];
    const curl = (command: string): ReturnType<typeof run> =>
      run('curl', [...command.replace('http://127.0.0.1:3128', bench.proxy()).split(' ').slice(1), '-sv'], {
        CURL_CA_BUNDLE: bench.certificates.caFile,
      });

    it('are these three', () => {
      expect(commands()).toEqual([
        'curl -x http://127.0.0.1:3128 https://example.com/',
        'curl -x http://127.0.0.1:3128 http://127.0.0.1/',
        'curl -x http://127.0.0.1:3128 http://169.254.169.254/',
      ]);
    });

    it('the public request succeeds', async () => {
      const { code, stderr } = await curl(commands()[0] ?? '');
      expect(stderr.match(/^< HTTP.*(?=\r$)/gm)).toEqual(['< HTTP/1.1 200 OK', '< HTTP/1.1 200 OK']); // the tunnel's and the server's
      expect(code).toBe(0);
      expect(bench.upstreams.heard).toMatchObject([{ host: 'example.com', address: PUBLIC_V4 }]);
    });

    it.each([1, 2])('the request to an inner address is refused by the gateway itself (%s)', async (at) => {
      const { stderr, stdout } = await curl(commands()[at] ?? '');
      expect(stderr).toMatch(/^< HTTP\/1.1 403 Forbidden\r?$/m);
      expect(JSON.parse(stdout)).toMatchObject({ error: 'egress_denied', reason: 'ip_literal', workload: 'openclaw' });
      expect(bench.traces).toEqual(NO_TRACES);
    });
  });

  describe('the table of destinations to block', () => {
    const ranges = (): string[] => blocked().filter((it) => !isName(it));

    it('is read whole', () => {
      expect(ranges()).toHaveLength(31);
      expect(blocked().filter(isName)).toEqual(['localhost', 'localhost.localdomain', 'metadata.google.internal']);
    });

    it('each range is refused by an address of it in the place of a host', async () => {
      for (const address of ranges().flatMap(addressesIn)) {
        const host = address.includes(':') ? `[${address}]` : address;
        const [tls, plain] = [await bench.verdict(`https://${host}/`), await bench.verdict(`http://${host}/`)];
        const seen = [tls, plain].map(({ reply, reason }) => `${address} ${reply?.status} ${reason}`);
        expect(seen).toEqual(Array(2).fill(`${address} 403 ip_literal`));
      }
      expect(bench.traces).toEqual(NO_TRACES);
    });

    it('each range is refused behind a name that is allowed, after DNS, in a tunnel and in a plain request', async () => {
      const addresses = ranges().flatMap(addressesIn);
      const asked = addresses.map(async (address) => {
        const [tls, plain] = [fresh('tls.test'), fresh('plain.test')];
        for (const name of [tls, plain]) bench.dns.set(name, address);
        const verdicts = [await bench.verdict(`https://${tls}/`), await bench.verdict(`http://${plain}/`)];
        return [address, ...verdicts.map(({ reply, reason }) => `${reply?.status ?? 'closed'} ${reason}`)];
      });
      expect(await Promise.all(asked)).toEqual(
        addresses.map((address) => [address, 'closed no_address', '403 private_address']),
      );
      expect(bench.upstreams.dialled).toEqual([]);
    });

    it('an address beside a range is reached, so that the above is not said of everything', async () => {
      const name = fresh('plain.test');
      bench.dns.set(name, '11.0.0.1');
      expect((await bench.ask(`http://${name}/`)).reply?.status).toBe(200);
    });

    it('each name is refused without a rule, and with one by its address', async () => {
      const seen = await Promise.all(
        blocked()
          .filter(isName)
          .map((name) => bench.verdict(`http://${name}/`)),
      );
      expect(seen.map(({ reason }) => reason)).toEqual(['no_rule', 'private_address', 'private_address']);
      const tunnels = await Promise.all(
        blocked()
          .filter(isName)
          .map((name) => bench.verdict(`https://${name}/`)),
      );
      expect(tunnels.map(({ reason }) => reason)).toEqual(['no_rule', 'port', 'port']);
      expect(bench.upstreams.dialled).toEqual([]);
    });
  });
});
