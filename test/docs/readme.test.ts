import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EgressPolicy, REASONS } from '../../lib';

const root = join(__dirname, '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const reference = readFileSync(join(root, 'docs', 'policy.md'), 'utf8');

/** The cells of a Markdown table's rows. */
const rows = readme
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );

/** Fenced blocks of one language. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1] ?? '');
}

describe('README', () => {
  it.each(Object.entries(REASONS).filter(([reason]) => reason !== 'rule'))(
    'explains the reason %s with its status and text',
    (reason, { status, text }) => {
      expect(rows).toContainEqual([`\`${reason}\``, String(status), text]);
    },
  );

  it('names no reason that does not exist', () => {
    const [, table = ''] = /^\| reason [^\n]*\n\|[-| ]*\n((?:\|[^\n]*\n)*)/m.exec(readme) ?? [];
    const named = table.split('\n').flatMap((line) => line.split('|')[1]?.trim().replaceAll('`', '') ?? []);
    expect(named.length).toBeGreaterThan(5);
    for (const reason of named) expect(Object.keys(REASONS)).toContain(reason);
  });

  it('shows policies that check', () => {
    const policies = [...blocks(readme, 'yaml'), ...blocks(reference, 'yaml')].filter((text) =>
      text.includes('version:'),
    );
    expect(policies.length).toBeGreaterThan(0);
    for (const text of policies) expect(EgressPolicy.fromYaml(text).workloads).not.toHaveLength(0);
  });

  it('leaves no placeholder', () => {
    expect(readme).not.toMatch(/@@|TODO|FIXME/);
  });
});
