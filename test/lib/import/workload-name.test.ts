import { freeName, workloadName } from '../../../lib/import/workload-name';
import { NAME } from '../../../lib/policy/schema';

describe('workloadName', () => {
  it.each([
    ['github', 'github'],
    ['My Server!', 'my-server'],
    ['uiTesting', 'uitesting'],
    ['7zip', 'mcp-7zip'],
    ['@scope/name', 'scope-name'],
    ['Café', 'cafe'],
    ['__proto__', 'proto'],
    ['日本', 'mcp'],
    ['', 'mcp'],
    ['a'.repeat(80), 'a'.repeat(63)],
    [`${'a'.repeat(62)}-b`, 'a'.repeat(62)],
  ])('makes %j %s', (name, expected) => {
    expect(workloadName(name)).toBe(expected);
    expect(workloadName(name)).toMatch(NAME);
  });
});

describe('freeName', () => {
  it('counts up, and stays short enough', () => {
    const long = 'a'.repeat(63);
    const taken = new Set(['a', 'a-2', long]);
    expect(freeName('b', (name) => taken.has(name))).toBe('b');
    expect(freeName('a', (name) => taken.has(name))).toBe('a-3');
    expect(freeName(long, (name) => taken.has(name))).toBe(`${'a'.repeat(61)}-2`);
  });
});
