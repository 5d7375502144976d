import { compile } from '../../lib/envoy/compile';
import { findEnvoy } from '../../lib/gateway/find-envoy';
import type { Gateway } from '../../lib/gateway/gateway';
import { startGateway } from '../../lib/gateway/start';
import { EgressPolicy } from '../../lib/policy/policy';
import { ask, type Asked, type AskOptions } from './support/ask';
import { certificates, type Certificates } from './support/certificates';
import { DnsServer } from './support/dns-server';
import { freePort } from './support/free-port';
import { LogBook } from './support/log-book';
import { Upstreams } from './support/upstreams';

const LOOPBACK = '127.0.0.1';
const FORBIDDEN = '127.0.0.2';

/**
 * What can be tested without a namespace of our own: high ports of loopback, with servers that a rule reaches by `private`. Everything
 * else needs public addresses and is skipped there; see the other files.
 */
describe('a gateway between loopback addresses', () => {
  const dns = new DnsServer(LOOPBACK, 0);
  const log = new LogBook();
  let made: Certificates;
  let upstreams: Upstreams;
  let forbidden: Upstreams;
  let gateway: Gateway;
  let [proxy, https, http] = [0, 0, 0];

  beforeAll(async () => {
    made = await certificates();
    [upstreams, forbidden] = [new Upstreams(made), new Upstreams(made)];
    await dns.listen();
    [https = 0] = await upstreams.listen({ 0: 'https' }, LOOPBACK);
    [http = 0] = await upstreams.listen({ 0: 'http' }, LOOPBACK);
    await forbidden.listen({ [https]: 'https', [http]: 'http' }, FORBIDDEN);
    proxy = await freePort();
    const health = await freePort();
    const policy = EgressPolicy.fromYaml(`
version: 1
workloads:
  web:
    port: ${proxy}
    allow:
      - { hosts: [api.allowed.test, moved.allowed.test], ports: [${https}], private: [${LOOPBACK}/32] }
      - { host: plain.allowed.test, protocol: http, ports: [${http}], private: [${LOOPBACK}/32], methods: [GET], paths: [/public/] }
`);
    for (const label of ['api', 'plain']) dns.set(`${label}.allowed.test`, FORBIDDEN, LOOPBACK);
    dns.set('moved.allowed.test', FORBIDDEN);
    gateway = await startGateway({
      envoy: (await findEnvoy()).path,
      config: (directory) =>
        compile(policy, {
          directory,
          bind: LOOPBACK,
          healthPort: health,
          dns: [dns.endpoint],
          adminSocket: `${directory}/admin.sock`,
        }),
      onLog: log.add,
      concurrency: 1,
    });
  }, 30_000);

  beforeEach(() => {
    dns.forget();
    upstreams.forget();
  });

  afterEach(() => expect(forbidden.arrivals).toEqual([]));

  afterAll(async () => {
    await gateway?.stop();
    await Promise.all([upstreams?.close(), forbidden?.close(), dns.close()]);
  }, 15_000);

  const send = (url: string, options: AskOptions = {}): Promise<Asked> => ask(proxy, url, { ca: made.ca, ...options });

  it('passes what the policy names, over TLS and plain', async () => {
    expect((await send(`https://api.allowed.test:${https}/x`)).reply?.status).toBe(200);
    expect((await send(`http://plain.allowed.test:${http}/public/x`)).reply?.status).toBe(200);
    expect((await send(`http://plain.allowed.test:${http}/public/x`, { form: 'connect' })).reply?.status).toBe(200);
    expect(upstreams.heard.map(({ url }) => url)).toEqual(['/x', '/public/x', '/public/x']);
  });

  it('refuses the rest with the reason, and asks no DNS', async () => {
    const reasons = [];
    for (const [url, method] of [
      [`https://evil.test:${https}/`],
      [`https://api.allowed.test:${http}/`],
      [`https://${LOOPBACK}:${https}/`],
      [`http://plain.allowed.test:${http}/secret`],
      [`http://plain.allowed.test:${http}/public/`, 'POST'],
      [`http://api.allowed.test:${https}/`],
    ] as const) {
      reasons.push((await send(url, { method })).reply?.headers['x-egress-reason']);
    }
    expect(reasons).toEqual(['no_rule', 'port', 'ip_literal', 'path', 'method', 'not_tls']);
    expect({ asked: dns.names, arrivals: upstreams.arrivals }).toEqual({ asked: [], arrivals: [] });
  });

  it('closes tunnels with another server name, and those whose name has no address that the rule may reach', async () => {
    const fronted = await send(`https://api.allowed.test:${https}/`, { sni: 'evil.test' });
    const moved = await send(`https://moved.allowed.test:${https}/`);
    expect([fronted.reply, moved.reply]).toEqual([undefined, undefined]);
    expect(await log.of(fronted.id)).toMatchObject({ decision: 'denied', reason: 'sni_mismatch' });
    expect(await log.of(moved.id)).toMatchObject({ decision: 'denied', reason: 'no_address' });
    expect(upstreams.heard).toEqual([]);
  });
});
