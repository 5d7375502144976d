import { compile } from '../../lib/envoy/compile';
import { EgressPolicy } from '../../lib/policy/policy';
import { PolicyError } from '../../lib/policy/errors';
import { HEALTH_PORT, PUBLIC_V4, useBench } from './support/bench';
import { connect } from './support/clients';
import { describeInNamespace } from './support/namespace';

/** Addresses of the namespace's only device, public ones: see addresses.json. */
const OWN_V4 = '93.184.215.15';
const OWN_V6 = '2606:2800:21f::15';
const OWN = { gatewayAddresses: [OWN_V4, OWN_V6] };
const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - hosts: ["*.tls.test"]
      - hosts: ["*.plain.test"]
        protocol: http
        ports: [80, 10001, ${HEALTH_PORT}]
      - host: own.tcp.test
        protocol: tcp
        ports: [5432, 10001]
        reason: a database
  other:
    port: 10001
    allow:
      - hosts: ["*.plain.test"]
        protocol: http
`;

describeInNamespace("the gateway's own public addresses", () => {
  const bench = useBench(POLICY, { compile: OWN });
  beforeAll(() => {
    bench.dns.fallback = (name) => ({
      addresses: name.startsWith('own.')
        ? [OWN_V4, OWN_V6]
        : name.startsWith('both.')
          ? [OWN_V4, PUBLIC_V4, OWN_V6]
          : [PUBLIC_V4],
    });
  });

  it('are not dialled for a name that leads there', async () => {
    expect(await bench.verdict('https://own.tls.test/')).toMatchObject({ decision: 'denied', reason: 'no_address' });
    for (const form of ['absolute', 'connect'] as const) {
      for (const port of [80, 10001, HEALTH_PORT]) {
        const verdict = await bench.verdict(`http://own.plain.test:${port}/healthz`, { form });
        expect(verdict).toMatchObject({ decision: 'denied', reason: 'private_address', reply: { status: 403 } });
      }
    }
    for (const port of [5432, 10001]) {
      const { reply } = await connect(bench.port(), `own.tcp.test:${port}`);
      expect(reply).toMatchObject({ status: 403, headers: { 'x-egress-reason': 'private_address' } });
    }
    expect(bench.upstreams.dialled).toEqual([]);
  });

  it('are left out where a name leads elsewhere too', async () => {
    expect((await bench.verdict('https://both.tls.test/')).reason).toBe('rule');
    expect((await bench.verdict('http://both.plain.test/')).reason).toBe('rule');
    expect(bench.upstreams.dialled).toEqual([PUBLIC_V4]);
  });

  it('are public ones to a gateway that was not told', async () => {
    await bench.gateway.publish(bench.compiled(bench.policy, { gatewayAddresses: [] }));
    expect((await bench.verdict('https://own.tls.test/')).reason).toBe('rule');
    await bench.gateway.publish(bench.compiled());
    bench.forget();
    expect((await bench.verdict('https://own.tls.test/')).reason).toBe('no_address');
    expect(bench.upstreams.dialled).toEqual([]);
  });

  it.each([
    ['a range that holds one', `private: [93.184.0.0/16], ports: [10001]`],
    ['a range that holds the IPv6 one', `private: ["2606:2800::/32"], ports: [10001]`],
    ['the address itself', `address: "${OWN_V4}:10001"`],
    ['the IPv6 address itself', `address: "[${OWN_V6}]:${HEALTH_PORT}"`],
    ['the health port', `private: [93.184.0.0/16], ports: [${HEALTH_PORT}]`],
  ])("are refused to a rule with another workload's port: %s", (_what, keys) => {
    const rule = `      - { host: lan.test, protocol: http, ${keys} }\n`;
    const policy = EgressPolicy.fromYaml(POLICY.replace('    allow:\n', `    allow:\n${rule}`));
    const compiled = (gatewayAddresses: readonly string[]) =>
      compile(policy, { healthPort: HEALTH_PORT, gatewayAddresses });
    expect(() => compiled(OWN.gatewayAddresses)).toThrow(PolicyError);
    expect(() => compiled(['8.8.8.8'])).not.toThrow();
  });
});
