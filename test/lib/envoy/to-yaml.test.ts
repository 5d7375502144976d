import { parse, parseDocument } from 'yaml';
import { compile } from '../../../lib/envoy/compile';
import { render, routeFile } from '../../../lib/envoy/render';
import type { ConfigObject } from '../../../lib/envoy/resources';
import { toYaml } from '../../../lib/envoy/to-yaml';
import { EgressPolicy } from '../../../lib/policy/policy';
import { complete } from './support/policies';

/** A value of a number of scalars. */
const large = (scalars: number): ConfigObject => ({ list: Array.from({ length: scalars }, (_, index) => index) });

const anchors = (text: string): number => (text.match(/ &\w+$/gm) ?? []).length;
const aliases = (text: string): number => (text.match(/ \*\w+$/gm) ?? []).length;

describe('what stands in a config more than once', () => {
  test('is written once if it is large', () => {
    const shared = large(40);
    const text = toYaml({ a: shared, b: { c: shared }, d: [shared] });
    expect([anchors(text), aliases(text)]).toEqual([1, 2]);
    expect(parse(text)).toEqual({ a: shared, b: { c: shared }, d: [shared] });
  });

  test('is written in its place if it is small, or if it is only equal', () => {
    const small = large(39);
    expect(anchors(toYaml({ a: small, b: small }))).toBe(0);
    expect(anchors(toYaml({ a: large(40), b: large(40) }))).toBe(0);
  });

  test('in a larger thing that is shared as well is not lost', () => {
    const inner = large(40);
    const outer = { inner, more: large(5) };
    const value = { a: outer, b: outer, c: inner };
    const text = toYaml(value);
    expect([anchors(text), aliases(text)]).toEqual([2, 2]);
    expect(parse(text)).toEqual(value);
  });

  test('stays as it was', () => {
    const shared = Object.freeze(large(40));
    const value = Object.freeze({ a: shared, b: shared });
    toYaml(value);
    expect(value.a).toBe(value.b);
  });
});

test('every file of a config is YAML without errors, and without folded lines', () => {
  for (const mode of ['enforce', 'observe'] as const)
    for (const [, text] of render(compile(complete(mode)))) {
      const { errors, warnings } = parseDocument(text);
      expect([errors, warnings]).toEqual([[], []]);
      expect(text).not.toMatch(/: [>|][-+]?$/m);
    }
});

test('fields without a value are left out', () => {
  expect(toYaml({ a: undefined, b: 1 })).toBe('b: 1\n');
});

describe('text stays text', () => {
  test.each(['true', 'null', '1.5', '0x10', '1e3', '~', '', '*.a', '&a', '%A%', ': ', '# ', "it's", '"', '-', '::1'])(
    '%j',
    (text) => expect(parse(toYaml({ text }))).toEqual({ text }),
  );

  /** Envoy reads YAML 1.1, in which these words are booleans. */
  test.each(['on', 'off', 'yes', 'no', 'y', 'n', 'On', 'OFF', 'Yes', 'NO', 'Y', 'N'])('%j is quoted', (word) => {
    expect(toYaml({ word })).toBe(`word: "${word}"\n`);
    expect(toYaml({ [word]: 1 })).toBe(`"${word}": 1\n`);
  });

  test.each(['010', '0b1', '1_000', '12:30', '2030-06-30', '2030-07-01T00:00:00Z', '<<'])(
    '%j is no number, time or merge in YAML 1.1',
    (word) => expect(parse(toYaml({ word }), { version: '1.1' })).toEqual({ word }),
  );

  test.each(['enforce', 'observe'] as const)('hosts and workloads of such names are no booleans, mode %s', (mode) => {
    const allow = [{ hosts: ['on', 'y', 'n.example.com'] }, { host: 'off', protocol: 'http', methods: ['GET'] }];
    const workloads = { no: { port: 10000, allow }, y: { port: 10001, allow } };
    const config = compile(EgressPolicy.fromObject({ version: 1, mode, workloads }));
    const files = render(config);
    const read = (file: string) => parse(files.get(file) ?? '', { version: '1.1' }) as { resources: unknown };
    const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
    expect(read('clusters.yaml').resources).toEqual(plain(config.clusters));
    expect(read('listeners.yaml').resources).toEqual(plain(config.listeners));
    for (const routes of config.routes) expect(read(routeFile(routes.name)).resources).toEqual([plain(routes)]);
    expect(files.get('listeners.yaml')).toMatch(/ workload: "no"$/m);
    expect(files.get('routes/no.10000.yaml')).toMatch(/ - "on"\n +- "y"$/m);
    for (const text of files.values()) expect(text).not.toMatch(/(: |- )(on|off|no|y)$/m);
  });
});
