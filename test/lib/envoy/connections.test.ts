import { bootstrap } from '../../../lib/envoy/bootstrap';
import { compile } from '../../../lib/envoy/compile';
import { connectionsOf, connectionsOfAll, dialLimits } from '../../../lib/envoy/connections';
import type { ConfigObject } from '../../../lib/envoy/resources';
import type { Limits, Workload } from '../../../lib/policy/types';
import { complete, policyOf } from './support/policies';
import { valuesOf } from './support/reading';

const workload = (limits: Limits): Workload => policyOf([], { limits }).workloads[0] as Workload;

/** File descriptors that one workload can take at most: its own connections, and those that are dialled for it. */
function worstCase(maxConnections: number): number {
  const { max_connections, max_connection_pools } = dialLimits({ maxConnections });
  return connectionsOf(workload({}), { maxConnections }) + Number(max_connections) + Number(max_connection_pools);
}

describe('connections of a workload', () => {
  it.each([
    [undefined, 20_000, 4000],
    [8000, 8000, 4000],
    [262, 262, 131],
    [1, 1, 1],
  ])('with %p for all of them are at most half: %d, %d', (maxConnections, all, one) => {
    expect(connectionsOfAll({ maxConnections })).toBe(all);
    expect(connectionsOf(workload({}), { maxConnections })).toBe(one);
  });

  it('are as many as its policy says, and some idle ones', () => {
    expect(connectionsOf(workload({ connections: 10_000 }), {})).toBe(10_256);
  });

  it.each([100, 262, 4000, 9750, 20_000])('of %d for all take no more than two files each', (all) => {
    expect(worstCase(all)).toBeLessThanOrEqual(2 * all);
  });
});

describe('the number for all', () => {
  const breakers = (maxConnections?: number): ConfigObject[] =>
    compile(complete(), { maxConnections })
      .clusters.filter(({ name }) => /^(dynamic|fixed)\./.test(name))
      .flatMap((cluster) => valuesOf(cluster, 'thresholds') as ConfigObject[][])
      .flat();

  it('is in the overload manager', () => {
    const monitors = (options = {}): unknown => valuesOf(bootstrap('/x', options), 'max_active_downstream_connections');
    expect([monitors(), monitors({ maxConnections: 300 })]).toEqual([[20_000], [300]]);
  });

  it('bounds what every cluster that dials keeps open', () => {
    expect(breakers(300).length).toBeGreaterThan(2);
    expect(new Set(breakers(300).map((each) => JSON.stringify(each)))).toEqual(
      new Set([JSON.stringify(dialLimits({ maxConnections: 300 }))]),
    );
  });

  it('is part of the names of these clusters', () => {
    const names = (maxConnections?: number): string[] =>
      compile(complete(), { maxConnections })
        .clusters.map(({ name }) => name)
        .filter((name) => /^(dynamic|fixed)\./.test(name));
    expect(names(300).filter((name) => names().includes(name))).toEqual([]);
  });
});
