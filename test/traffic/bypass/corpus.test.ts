import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GROUPS, isControl, loadCorpus } from './corpus';

const README = readFileSync(join(__dirname, '../../../README.md'), 'utf8');
const groups = loadCorpus();
const cases = groups.flatMap((group) => group.cases);

describe('the bypass corpus', () => {
  it('has every group, and 250 cases at least', () => {
    expect(groups.map(({ group }) => group).sort()).toEqual([...GROUPS].sort());
    expect(cases.length).toBeGreaterThanOrEqual(250);
  });

  it('is run as a whole: each group has a test file', () => {
    expect(readdirSync(join(__dirname, 'groups')).sort()).toEqual(groups.map(({ group }) => `${group}.test.ts`).sort());
  });

  it('names no two cases alike', () => {
    const names = cases.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(groups.map((group) => [group.group, group] as const))(
    '%s has attacks and honest traffic, and attacks that must escape from an open Envoy',
    (_name, group) => {
      expect(group.cases.filter(isControl)).not.toEqual([]);
      expect(group.cases.filter((one) => !isControl(one)).length).toBeGreaterThanOrEqual(2);
      expect(group.cases.filter(({ openEscapes }) => openEscapes === true)).not.toEqual([]);
    },
  );

  it('is as large as the README says', () => {
    const [, said, inGroups] = /\b(\d+) cases in (\d+) groups\b/.exec(README.replaceAll(/\s+/g, ' ')) ?? [];
    expect({ cases: Number(said), groups: Number(inGroups) }).toEqual({ cases: cases.length, groups: groups.length });
  });
});

describe('a mistake in a file of cases', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cases-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const load = (text: string): void => {
    writeFileSync(join(folder, 'one.yaml'), text);
    loadCorpus(undefined, folder);
  };
  const file = (steps: string, more = ''): string => `
group: one
why: a reason that is long enough
policy: "version: 1\\nworkloads: { web: { port: 10000 } }"
cases:
  - { name: the first case, steps: [{ send: a }], expect: refused }
  - { name: the second case, steps: [${steps}], expect: refused ${more} }
`;

  it('is none in a good one', () => expect(() => load(file('{ reply: 403 }'))).not.toThrow());

  it.each([
    ['an unknown step', file('{ sned: a }'), /one\.yaml: cases\.1\.steps\.0 \(the second case\)/],
    ['an unknown key of a step', file('{ reply: 403, reasn: port }'), /cases\.1\.steps\.0/],
    ['an unknown key of a case', file('{ reply: 403 }', ', mayDail: []'), /Unrecognized key.*mayDail/],
    ['an address without a port', file('{ reply: 403 }', ', mayDial: ["1.2.3.4"]'), /address:port/],
    ['a byte that is none', file('{ send: "\\u0100" }'), /cases\.1\.steps\.0/],
    ['a name that stands twice', file('{ reply: 403 }').replaceAll('second', 'first'), /twice: "the first case"/],
    ['a policy that does not check', file('{ reply: 403 }').replace('10000', '1'), /1024/],
    [
      'a group that is not called like its file',
      file('{ reply: 403 }').replace('group: one', 'group: two'),
      /called two/,
    ],
  ])('is told: %s', (_what, text, words) => expect(() => load(text)).toThrow(words));
});
