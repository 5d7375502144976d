import { decide } from '../../../lib/policy/decide';
import { EgressPolicy } from '../../../lib/policy/policy';
import { type Rule } from '../../../lib/policy/types';
import { withOverlay } from '../../../scripts/demo/overlay';

const HOST = 'api.example.com';
const standIn = { ip: '127.0.0.2', port: 40_443 };

function overlaid(allow: readonly object[], mode = 'enforce'): { before: EgressPolicy; after: EgressPolicy } {
  const before = EgressPolicy.fromObject({ version: 1, mode, workloads: { w: { port: 10_000, allow } } });
  return { before, after: withOverlay(before, { hosts: [HOST, 'example.com'], standIn }) };
}

const rulesOf = ({ workloads }: EgressPolicy): readonly Rule[] => workloads.flatMap(({ rules }) => rules);
const dialled = (policy: EgressPolicy): unknown[] =>
  rulesOf(policy)
    .filter(({ address }) => address)
    .map(({ hosts, ports, address, private: ranges }) => [hosts, ports, address, ranges]);
const ask = (policy: EgressPolicy, host: string, port = 443, now = '2026-01-01') =>
  decide(policy, {
    workload: 'w',
    form: 'connect',
    method: 'CONNECT',
    authority: `${host}:${port}`,
    payload: 'tls',
    sni: host,
    now: new Date(now),
  });
const REDIRECTED = [[HOST], [443], standIn, ['127.0.0.2/32']];

describe('the overlay of the demo', () => {
  it('dials the stand-in for the host on port 443, and leaves the rest of the rule as it is', () => {
    const { before, after } = overlaid([{ hosts: [HOST, 'other.example.com'], ports: [443, 8443], owner: 'team' }]);
    expect(dialled(after)).toEqual([REDIRECTED]);
    expect(rulesOf(after).every(({ owner }) => owner === 'team')).toBe(true);
    for (const [host, port] of [
      [HOST, 443],
      [HOST, 8443],
      ['other.example.com', 443],
      [HOST, 80],
    ] as const) {
      expect(ask(after, host, port).reason).toBe(ask(before, host, port).reason);
    }
  });

  it('allows nothing that the policy does not', () => {
    const { after } = overlaid([{ host: 'other.example.com' }]);
    expect(dialled(after)).toEqual([]);
    expect(ask(after, HOST)).toMatchObject({ decision: 'denied', reason: 'no_rule' });
  });

  it('reaches a host that a wildcard allows, and both hosts if both are allowed', () => {
    const { after } = overlaid([{ host: '*.example.com' }, { host: 'example.com' }]);
    expect(dialled(after)).toEqual(
      expect.arrayContaining([REDIRECTED, [['example.com'], [443], standIn, ['127.0.0.2/32']]]),
    );
    expect(ask(after, HOST).decision).toBe('allowed');
    expect(ask(after, 'www.example.com').rule?.address).toBeUndefined();
  });

  it('leaves the pattern alone that does not count for the host', () => {
    const { after } = overlaid([{ host: '*.example.com', private: ['10.0.0.0/8'] }, { host: HOST }]);
    expect(dialled(after)).toEqual([REDIRECTED]);
    expect(ask(after, 'www.example.com').rule?.private).toEqual(['10.0.0.0/8']);
  });

  it('keeps expiry, mode and other protocols', () => {
    const { after } = overlaid([{ host: HOST, expires: '2026-06-30' }], 'observe');
    expect(after.mode).toBe('observe');
    expect(ask(after, HOST, 443, '2026-07-01')).toMatchObject({ decision: 'would_deny', reason: 'expired' });
    const http = overlaid([{ host: HOST, protocol: 'http', ports: [443] }]).after;
    expect(ask(http, HOST)).toMatchObject({ decision: 'denied', reason: 'not_http' });
    expect(dialled(http)).toEqual([REDIRECTED]);
  });

  it('takes the place of an address that a rule has, and merges rules that become the same', () => {
    const address = { address: '93.184.215.14:443' };
    expect(dialled(overlaid([{ host: HOST, ...address }]).after)).toEqual([REDIRECTED]);
    expect(dialled(overlaid([{ host: HOST }, { host: HOST, ports: [443, 8443] }]).after)).toEqual([REDIRECTED]);
  });

  it('moves one workload to another port', () => {
    const { before } = overlaid([]);
    const after = withOverlay(before, { hosts: [HOST], standIn, move: { workload: 'w', port: 12_345 } });
    expect(after.workloads.map(({ port }) => port)).toEqual([12_345]);
  });
});
