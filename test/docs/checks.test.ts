import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { docsOf, EgressPolicy, review, WARNING_CODES } from '../../lib/policy';

const root = join(__dirname, '..', '..');
const text = readFileSync(join(root, 'docs', 'checks.md'), 'utf8');
const sections = new Map(
  text
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
);

test('has one section for each code, in their order', () => {
  expect([...sections.keys()]).toEqual([...WARNING_CODES]);
});

describe.each(WARNING_CODES)('%s', (code) => {
  it('is where the output says', () => expect(docsOf(code)).toBe(`docs/checks.md#${code}`));

  it('says what, why, an example, what to do and how to accept it', () => {
    const section = sections.get(code) ?? '';
    expect(section).toMatch(/^[a-z_\d]+\n\n[A-Z][^]*?\n\n- Why: /);
    expect(section).toContain('\n- Example: ');
    expect(section).toContain('\n- What to do: ');
    if (code.startsWith('ignore_')) expect(section).toContain('\n- It cannot be accepted.');
    else expect(section).toMatch(new RegExp(`\\n- To accept it.*: \`# egress-ignore: ${code} [a-zA-Z]`));
  });
});

test.each([
  'egress.yaml',
  ...['existing-vpc', 'knowledge-base', 'local-docker', 'minimal', 'openclaw'].map(
    (name) => `examples/${name}/egress.yaml`,
  ),
])('%s has no warning that it does not accept with a reason', (file) => {
  const { warnings, accepted } = review(EgressPolicy.fromFile(join(root, file)), { at: new Date('2026-01-01') });
  expect(warnings).toEqual([]);
  for (const { because } of accepted) expect(because.length).toBeGreaterThan(10);
});
