import type { CompiledConfig, NamedResource } from '../../../lib/envoy/resources';
import { publicationSteps, type Step } from '../../../lib/gateway/publication-plan';
import { cluster, config, edge, guard, routes } from './support/configs';

/** What Envoy has after each step. */
function statesOf(old: CompiledConfig, next: CompiledConfig): Map<string, readonly NamedResource[]>[] {
  const [first] = publicationSteps(undefined, old) as [Step];
  const state = new Map(first.files);
  return publicationSteps(old, next).map(({ files }) => {
    files.forEach((resources, path) => state.set(path, resources));
    return new Map(state);
  });
}

function names(resources: readonly NamedResource[] | undefined): string[] {
  return (resources ?? []).map(({ name }) => name).sort();
}

function chains(resources: readonly NamedResource[] | undefined, listener: string): string[] {
  const found = resources?.find(({ name }) => name === listener);
  return ((found?.filter_chains ?? []) as { name: string }[]).map(({ name }) => name).sort();
}

const old = config({
  clusters: [cluster('c1'), cluster('c2')],
  listeners: [edge('web', 10000), guard('guard.web', ['r1', 'r2'])],
  routes: [routes('web.10000', ['one.test', 'two.test'])],
});

describe('a first publication', () => {
  it('is one step with everything', () => {
    const steps = publicationSteps(undefined, old);
    expect(steps.map(({ name }) => name)).toEqual(['everything']);
    expect([...(steps[0]?.files.keys() ?? [])]).toEqual(['clusters.yaml', 'routes/web.10000.yaml', 'listeners.yaml']);
  });
});

describe('a changed rule', () => {
  const next = config({
    clusters: [cluster('c2'), cluster('c3')],
    listeners: [edge('web', 10000), guard('guard.web', ['r2', 'r3'])],
    routes: [routes('web.10000', ['two.test', 'three.test'])],
  });
  const steps = publicationSteps(old, next);

  it('goes clusters, listeners, routes, listeners', () => {
    expect(steps.map(({ name, files }) => [name, [...files.keys()]])).toEqual([
      ['clusters of both', ['clusters.yaml']],
      ['listeners of both', ['listeners.yaml']],
      ['changed routes', ['routes/web.10000.yaml']],
      ['new listeners only', ['listeners.yaml']],
    ]);
  });

  it('keeps old clusters until the next publication', () => {
    expect(names(steps[0]?.files.get('clusters.yaml'))).toEqual(['c1', 'c2', 'c3']);
  });

  it('has the chains of both before and while the routes change', () => {
    expect(chains(steps[1]?.files.get('listeners.yaml'), 'guard.web')).toEqual(['r1', 'r2', 'r3', 'refuse.no_rule']);
  });

  it('drops the chain of the removed rule at the end, which ends its tunnels', () => {
    expect(chains(steps[3]?.files.get('listeners.yaml'), 'guard.web')).toEqual(['r2', 'r3', 'refuse.no_rule']);
  });

  it('at every moment has the cluster, the guard and the chain that the routes of that moment name', () => {
    const [before, after] = [
      ['c1', 'c2'],
      ['c2', 'c3'],
    ] as const;
    for (const state of statesOf(old, next)) {
      const isNew = JSON.stringify(state.get('routes/web.10000.yaml')).includes('three.test');
      expect(names(state.get('clusters.yaml'))).toEqual(expect.arrayContaining([...(isNew ? after : before)]));
      const wanted = isNew ? ['r2', 'r3'] : ['r1', 'r2'];
      expect(chains(state.get('listeners.yaml'), 'guard.web')).toEqual(expect.arrayContaining(wanted));
    }
  });
});

describe('a new workload', () => {
  const next = config({
    ...old,
    listeners: [...old.listeners, edge('more', 10001), guard('guard.more', ['m1'])],
    routes: [...old.routes, routes('more.10001', ['more.test'])],
  });

  it('has its routes before its listener', () => {
    expect(publicationSteps(old, next).map(({ name }) => name)).toEqual([
      'clusters of both',
      'routes of new and of removed listeners',
      'listeners of both',
      'changed routes',
      'new listeners only',
    ]);
    const [, second, third] = statesOf(old, next);
    expect(names(second?.get('routes/more.10001.yaml'))).toEqual(['more.10001']);
    expect(names(second?.get('listeners.yaml'))).not.toContain('edge.more.10001');
    expect(names(third?.get('listeners.yaml'))).toContain('edge.more.10001');
  });
});

describe('a rule that only goes, or expires', () => {
  const next = config({
    ...old,
    listeners: [guard('guard.web', ['r1']), edge('web', 10000)],
    routes: [routes('web.10000', ['one.test'])],
  });

  it('needs no listeners in between: its routes go, then its chain', () => {
    expect(publicationSteps(old, next).map(({ name }) => name)).toEqual([
      'clusters of both',
      'changed routes',
      'new listeners only',
    ]);
  });
});

describe('a removed workload', () => {
  const both = config({
    ...old,
    listeners: [...old.listeners, edge('more', 10001), guard('guard.more', ['m1'])],
    routes: [...old.routes, routes('more.10001', ['more.test'])],
  });
  const states = statesOf(both, old);

  it('is refused everything first, in the words of its own default', () => {
    expect(states[1]?.get('routes/more.10001.yaml')).toEqual([
      {
        '@type': 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
        name: 'more.10001',
        virtual_hosts: [
          { name: 'default', domains: ['*'], routes: [{ match: { prefix: '/' }, direct_response: { status: 403 } }] },
        ],
      },
    ]);
  });

  it('loses its listener last, and its guard refuses until the next publication', () => {
    expect(names(states.at(-2)?.get('listeners.yaml'))).toContain('edge.more.10001');
    const end = states.at(-1)?.get('listeners.yaml');
    expect(names(end)).toEqual(['edge.web.10000', 'guard.more', 'guard.web']);
    expect(chains(end, 'guard.more')).toEqual(['refuse.no_rule']);
  });

  it('leaves no trace after the next publication', () => {
    const end = statesOf(old, old).at(-1);
    expect(names(end?.get('listeners.yaml'))).toEqual(['edge.web.10000', 'guard.web']);
  });

  it('is refused everything in mode observe too, where the default lets pass', () => {
    const observing = routes('more.10001', []);
    const pass = { name: 'default', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'c' } }] };
    const observed = config({ ...both, routes: [...old.routes, { ...observing, virtual_hosts: [pass] }] });
    const [, second] = statesOf(observed, old);
    expect(second?.get('routes/more.10001.yaml')).toMatchObject([{ virtual_hosts: [{ name: 'default', routes: [] }] }]);
  });
});

describe('a port that changes hands', () => {
  const next = config({ ...old, listeners: [edge('other', 10000)], routes: [routes('other.10000', ['other.test'])] });

  it('never has two listeners on one address', () => {
    for (const state of statesOf(old, next)) {
      const addresses = (state.get('listeners.yaml') ?? [])
        .filter(({ address }) => address)
        .map(({ address }) => JSON.stringify(address));
      expect(new Set(addresses).size).toBe(addresses.length);
    }
  });

  it('is refused to the old workload before the new one has it', () => {
    const [, second, third] = statesOf(old, next);
    expect(names(second?.get('listeners.yaml'))).toContain('edge.web.10000');
    expect(second?.get('routes/web.10000.yaml')).toMatchObject([{ virtual_hosts: [{ name: 'default' }] }]);
    expect(names(third?.get('listeners.yaml'))).not.toContain('edge.web.10000');
    expect(names(third?.get('listeners.yaml'))).toContain('edge.other.10000');
  });
});

describe('an internal listener that only passes on', () => {
  const gate: NamedResource = { '@type': 'l', name: 'gate.1', internal_listener: {}, filter_chains: [{ filters: [] }] };
  const before = config({ ...old, listeners: [...old.listeners, gate] });

  it('stays whole until the next publication: open connections still go through it', () => {
    const end = statesOf(before, old).at(-1)?.get('listeners.yaml');
    expect(end?.find(({ name }) => name === 'gate.1')).toEqual(gate);
  });

  it('is taken as it is where both have it', () => {
    const [, , third] = statesOf(before, before);
    expect(third?.get('listeners.yaml')?.find(({ name }) => name === 'gate.1')).toEqual(gate);
  });
});
