import { diffPolicies } from '../../../../lib/policy';
import { between, HOST, HTTP, told, withWorkloads } from './support';

describe('diffPolicies, of workloads', () => {
  it('tells limits: higher, lower, new and gone', () => {
    const limited = (limits: object) => withWorkloads({ a: { port: 10000, limits } });
    expect(
      between(
        limited({ requestsPerSecond: 5, connections: 5, tunnelMinutes: 5 }),
        limited({ requestsPerSecond: 6, connections: 4, uploadKilobytesPerSecond: 7 }),
      ),
    ).toEqual([
      'widened limit requestsPerSecond 5 → 6',
      'widened limit tunnelMinutes 5 → no limit',
      'narrowed limit connections 5 → 4',
      'narrowed limit uploadKilobytesPerSecond no limit → 7',
    ]);
  });

  it('tells a moved port, and that another workload had it', () => {
    const [a, b] = [{ port: 10000 }, { port: 10001 }];
    expect(between(withWorkloads({ a }), withWorkloads({ a: b }))).toEqual(['moved port 10000 → 10001']);
    const swapped = diffPolicies(withWorkloads({ a, b }), withWorkloads({ a: b, b: a }));
    expect(swapped.widened).toBe(true);
    expect(swapped.changes.map(told)[0]).toBe(
      "widened port 10000 → 10001, which was b's: whoever still uses it is taken for a",
    );
  });

  it('tells workloads that come and go, with what they allow', () => {
    const [one, two] = [
      { port: 10000, allow: [HOST] },
      { port: 10001, allow: [{ host: 'b.example.com' }] },
    ];
    const { changes, widened } = diffPolicies(withWorkloads({ one }), withWorkloads({ two }));
    expect(widened).toBe(true);
    expect(changes.map(told)).toEqual([
      'widened + b.example.com:443 tls',
      'narrowed - a.example.com:443 tls',
      'moved workload workload is gone on port 10000',
      'moved workload new workload on port 10001',
    ]);
    expect(diffPolicies(withWorkloads({}), withWorkloads({ a: { port: 10000 } })).widened).toBe(false);
  });

  it('tells the mode, and what comes and goes under observe', () => {
    const [enforce, observe] = [withWorkloads({}), withWorkloads({}, { mode: 'observe' })];
    expect(between(enforce, observe)).toEqual([
      'widened mode enforce → observe: what no rule allows passes and is logged',
    ]);
    expect(between(observe, enforce)).toEqual(['narrowed mode observe → enforce: what no rule allows is refused']);
    const more = withWorkloads({ a: { port: 10000, allow: [HTTP] } }, { mode: 'observe' });
    expect(between(observe, more)).toEqual([
      'widened workload new workload on port 10000, and mode observe lets it pass',
      'widened + a.example.com:80 http',
    ]);
    const none = withWorkloads({ a: { port: 10000 } }, { mode: 'observe' });
    expect(between(none, more)).toEqual([
      'widened + a.example.com:80 http',
      'narrowed ~ a.example.com:80 no longer http for another host in a tunnel and CONNECT in a tunnel and TRACE in a tunnel and unreadable http in a tunnel, which mode observe lets pass',
    ]);
  });
});
