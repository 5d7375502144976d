import { denyAfter } from '../../lib/envoy/expiry';
import type { CompiledConfig } from '../../lib/envoy/resources';
import { NO_TRACES, PUBLIC_V4, replaceInConfig, useBench, type Bench } from './support/bench';
import { connect } from './support/clients';
import { describeInNamespace } from './support/namespace';

/*
 * Configs that the compiler never makes: what a mistake in it would do.
 */
const POLICY = `
version: 1
workloads:
  web:
    port: 10000
    allow:
      - { host: tls.allowed.test, expires: 2099-06-30 }
      - { host: plain.allowed.test, protocol: http, expires: 2099-06-30 }
      - { host: opaque.allowed.test, protocol: tcp, ports: [5432], reason: a database, expires: 2099-06-30 }
      - { hosts: ["*.wild.test"], expires: 2099-06-30 }
`;

/** `decision reason status` of each form of request; of the opaque tunnel, what its CONNECT got. */
async function fates(bench: Bench): Promise<string[]> {
  const verdicts = [
    await bench.verdict('https://tls.allowed.test/'),
    await bench.verdict('https://one.wild.test/'),
    await bench.verdict('http://plain.allowed.test/'),
    await bench.verdict('http://plain.allowed.test/', { form: 'connect' }),
  ];
  const { reply, wire } = await connect(bench.port(), 'opaque.allowed.test:5432');
  wire.close();
  return [
    ...verdicts.map(({ decision, reason, reply: got }) => `${decision} ${reason} ${got?.status ?? 'closed'}`),
    `${reply.headers['x-egress-reason'] ?? 'opened'} ${reply.status}`,
  ];
}

/** Every chain of the guards goes by another name than the routes say. */
function withoutChains(config: CompiledConfig): CompiledConfig {
  const text = JSON.stringify(config.routes);
  if (!text.includes('"chain":"')) throw new Error('the routes name no chain');
  return { ...config, routes: JSON.parse(text.replace(/("chain":")[^"]*/g, '$1gone')) as CompiledConfig['routes'] };
}

describeInNamespace('a config as it is', () => {
  const bench = useBench(POLICY);
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  it('serves every form, so that the refusals below are of the mistake', async () => {
    expect(await fates(bench)).toEqual([...Array<string>(4).fill('allowed rule 200'), 'opened 200']);
  });
});

describeInNamespace('a last day that Envoy cannot read', () => {
  const bench = useBench(POLICY, { adjust: (config) => replaceInConfig(config, '2099-07-01T00:00:00Z', 'in summer') });
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  it('is over', async () => {
    expect(await fates(bench)).toEqual([...Array<string>(4).fill('denied expired 403'), 'expired 403']);
    expect(bench.traces).toEqual(NO_TRACES);
  });

  it('is never compiled, which counts where several rules share a plain host: there Envoy would pass it', () => {
    expect(() => denyAfter('in summer', false)).toThrow(RangeError);
  });
});

describeInNamespace('a rule without a chain in its guard', () => {
  const bench = useBench(POLICY, { adjust: withoutChains });
  beforeAll(() => (bench.dns.fallback = () => ({ addresses: [PUBLIC_V4] })));

  it('is refused', async () => {
    expect(await fates(bench)).toEqual([
      'denied no_rule closed',
      'denied no_rule closed',
      'denied no_rule 403',
      'denied no_rule closed',
      'no_rule 403',
    ]);
    expect(bench.traces).toEqual(NO_TRACES);
  });
});
