import { compile } from '../../../lib/envoy/compile';
import type { ConfigObject } from '../../../lib/envoy/resources';
import { toStatic } from '../../../lib/envoy/static';
import { complete } from './support/policies';
import { at, managers, objects, valuesOf } from './support/reading';

describe.each(['enforce', 'observe'] as const)('one static bootstrap in JSON, mode %s', (mode) => {
  const config = compile(complete(mode), { adminSocket: '/run/admin.sock' });
  const text = toStatic(config);
  const bootstrap = JSON.parse(text) as ConfigObject;
  const { listeners, clusters } = bootstrap.static_resources as { listeners: ConfigObject[]; clusters: ConfigObject[] };

  test('holds every listener and cluster, in order, with all its fields', () => {
    const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
    const names = (resources: readonly ConfigObject[]) => resources.map(({ name }) => name);
    expect(names(listeners)).toEqual(names(config.listeners));
    expect(clusters).toEqual(config.clusters.map(({ '@type': _, ...fields }) => plain(fields)));
  });

  test('watches no file and names no other source', () => {
    expect(bootstrap).not.toHaveProperty('dynamic_resources');
    for (const key of ['rds', 'config_source', 'path_config_source', 'watched_directory'])
      expect(valuesOf(bootstrap, key)).toEqual([]);
  });

  test('has the route configuration in the place of each rds', () => {
    const inlined = managers(listeners as never).flatMap(({ route_config: routes }) => (routes as ConfigObject) ?? []);
    for (const { '@type': type, ...routes } of config.routes) {
      expect(type).toMatch(/RouteConfiguration$/);
      expect(inlined).toContainEqual(JSON.parse(JSON.stringify(routes)));
    }
  });

  test('keeps the rest of the bootstrap', () => {
    for (const key of ['node', 'admin', 'bootstrap_extensions', 'overload_manager'])
      expect(bootstrap[key]).toEqual(JSON.parse(JSON.stringify(config.bootstrap[key])));
  });

  test('resources are fields, not typed messages', () => {
    for (const each of [...listeners, ...clusters]) expect(each).not.toHaveProperty('@type');
  });

  test('every manager has routes', () => {
    for (const manager of managers(listeners as never)) expect(manager.route_config).toBeDefined();
  });

  test('every cluster and every internal listener that is named is there', () => {
    const names = (resources: readonly ConfigObject[]) => resources.map(({ name }) => name);
    const targets = valuesOf(listeners as never, 'cluster').filter((each) => typeof each === 'string');
    expect(names(clusters)).toEqual(expect.arrayContaining(targets));
    expect(names(listeners)).toEqual(expect.arrayContaining(valuesOf(clusters as never, 'server_listener_name')));
  });

  test('is the same text each time', () => expect(toStatic(config)).toBe(text));
});

test('a route configuration that is missing is an error with its name', () => {
  expect(() => toStatic({ ...compile(complete()), routes: [] })).toThrow('no route configuration local.10001');
});

test('leaves the config as it was', () => {
  const config = compile(complete());
  const before = structuredClone(config);
  toStatic(config);
  expect(config).toEqual(before);
  expect(at([...objects(config.bootstrap)][0], 'dynamic_resources')).toBeDefined();
});
