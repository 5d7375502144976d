import fc from 'fast-check';
import { importPolicy } from '../../../lib/import/import-policy';
import { parseUrl } from '../../../lib/import/parse-url';
import { EgressPolicy } from '../../../lib/policy/policy';
import { fixture, FIXTURES, importFixture, rulesOf, rulesWhenUncommented, servers } from './support/fixtures';

/** What the example files hold and no policy may: tokens, passwords, headers, paths, and arguments. */
const SECRETS =
  /ghp_|token|password|lin_api|0f1e2d3c|key-77aa|cursor-header|run-config-secret|\/srv\/|dsn|Bearer|\$\{|YOUR_API|var\/run|sha256/i;

describe('importPolicy', () => {
  it.each(FIXTURES)('writes a policy that checks from %s, and its comments are valid rules', (name) => {
    const imported = importFixture(name);
    const policy = EgressPolicy.fromYaml(imported.text);
    expect(policy.workloads.length).toBeGreaterThan(0);
    expect(policy.mode).toBe('enforce');
    const rules = policy.workloads.reduce((sum, workload) => sum + workload.rules.length, 0);
    const comments = imported.text.match(/^ +# - host:/gm)?.length ?? 0;
    expect(rulesWhenUncommented(imported.text)).toBe(rules + comments);
  });

  it.each(FIXTURES)('copies no secret, argument or path from %s', (name) => {
    const { text, notes } = importFixture(name);
    expect(text).not.toMatch(SECRETS);
    expect(notes.join('\n')).not.toMatch(SECRETS);
  });

  it.each(FIXTURES)('writes the same bytes again from %s', (name) => {
    expect(importFixture(name).text).toBe(importFixture(name).text);
  });

  it('gives every rule a reason', () => {
    const { policy } = importFixture(...FIXTURES);
    const reasons = policy.workloads.flatMap(({ rules }) => rules.map(({ reason }) => reason ?? ''));
    expect(reasons.length).toBeGreaterThan(10);
    expect(reasons).not.toContain('');
  });

  it('merges several files: ports go on, in the order of the files, clients last', () => {
    const { policy, text } = importFixture(
      'claude_desktop_config.json',
      'toolhive-profile.json',
      'vscode-settings.json',
    );
    const ports = [...text.matchAll(/^ {2}([a-z-]+):\n {4}port: (\d+)/gm)].map(([, name, port]) => `${name} ${port}`);
    expect(ports).toEqual(
      'filesystem 10000,github 10001,linear 10002,postgres 10003,notes 10004,vscode 10005'.split(','),
    );
    expect(policy.workloads).toHaveLength(6);
  });

  it('reports the problems of all files at once', () => {
    const sources = [{ file: 'a.json', text: '{"x":' }, fixture('cursor.json'), { file: 'b.json', text: '{"x":1}' }];
    expect(() => importPolicy(sources)).toThrow(
      /^a\.json:1:6: not valid JSON5: .*\nb\.json: no known list of MCP servers/,
    );
  });

  it('refuses more servers than anybody has', () => {
    const many = Object.fromEntries(Array.from({ length: 5001 }, (_, index) => [`s${index}`, { command: 'x' }]));
    expect(() => importPolicy([servers(many)])).toThrow('5001 servers are more than the 5000 that are read');
  });

  it('writes a policy that checks for an empty list', () => {
    const { text } = importPolicy([servers({})]);
    expect(EgressPolicy.fromYaml(text).workloads).toEqual([]);
  });

  it('keeps names that other YAML readers take for something else', () => {
    const imported = importPolicy([servers({ no: { command: 'x' }, true: { command: 'x' }, null: { command: 'x' } })]);
    expect(Object.keys(rulesOf(imported))).toEqual(['no', 'null', 'true']);
    expect(imported.text).toContain("'true':");
  });

  it('writes what checks, on printable lines, whatever stands in a file', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.constantFrom(...HOSTILE));
    const url = fc.oneof(text, fc.constantFrom(...URLS), fc.webUrl());
    const local = fc.record({ command: text, args: fc.array(fc.oneof(text, url), { maxLength: 3 }) });
    const server = fc.oneof(local, fc.record({ url }), fc.jsonValue());
    const list = fc.array(fc.tuple(text, server), { maxLength: 6 });
    const profile = fc.record({
      name: text,
      network: fc.record({
        outbound: fc.record({ allow_host: fc.array(fc.oneof(text, fc.domain())), allow_port: fc.array(fc.integer()) }),
      }),
    });
    fc.assert(
      fc.property(list, profile, text, (entries, toolhive, file) => {
        const imported = importPolicy([
          servers(Object.fromEntries(entries), file),
          { file, text: JSON.stringify(toolhive) },
        ]);
        rulesWhenUncommented(imported.text); // throws if it does not check
        expect(imported.text).not.toMatch(/[^\n\P{C}]|[\u2028\u2029]/u);
        expect(imported.notes.join('')).not.toMatch(/[\p{C}\u2028\u2029]/u);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a secret', () => {
  const SECRET = 'hunter2secret';
  const separator = fc.constantFrom(...'/\\?#:"\' \t\n.,;|<>[]{}$%&=@'.split(''), '//', '');
  const value = fc
    .array(fc.oneof(separator, fc.constantFrom(SECRET, 'a', 'host.example.com', 'https://')), { maxLength: 6 })
    .map((parts) => parts.join(''));
  const shape = fc.constantFrom(
    (text: string) => text,
    (text: string) => `https://user:${SECRET}${text}@host.example.com/`,
    (text: string) => `https://${text}${SECRET}@host.example.com/${text}`,
    (text: string) => `https://host.example.com/${SECRET}${text}`,
    (text: string) => `postgres://u:${SECRET}@db.example.com https://host.example.com${text}`,
  );
  // A secret that stands where a host does, with nothing behind it that says otherwise, cannot be told from one.
  const isHost = (text: string): boolean =>
    [...text.matchAll(/https:\/\//gi)].some(({ index }) => {
      const [token = ''] = text.slice(index).split(/\s/);
      const behind = text.slice(index + 8).replace(/^[^\s/\\?#]*/, '');
      return parseUrl(token)?.hostname.includes(SECRET) === true && !behind.includes('@');
    });

  it('in arguments or variables is never written, nor told', () => {
    const text = fc
      .tuple(shape, value)
      .map(([wrap, inner]) => wrap(inner))
      .filter((each) => !isHost(each));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 3 }), text, (words, variable) => {
        const args = ['-y', 'search-mcp', ...words];
        const imported = importPolicy([
          servers({
            a: { command: 'npx', args, env: { A: variable } },
            b: { command: `mcp ${variable}`, args: words },
          }),
        ]);
        expect(imported.text + imported.notes.join('')).not.toContain(SECRET);
      }),
      { numRuns: 2000 },
    );
  });
});

const HOSTILE = [
  '__proto__',
  'a\nworkloads: {}',
  '# x\n- host: evil.example',
  '\u202eevil',
  '\u2028- host: evil.example',
  '*',
  '.',
  '"',
  "'",
  '${x}',
  'a: b',
  '😀'.repeat(90),
];
const URLS = [
  'https://*.example.com/',
  'https://[::1]:80/',
  'http://169.254.169.254/latest',
  'https://u:p@10.0.0.1:65535',
  'https://*/',
  'http://xn--a/',
  'ws://a.internal:1',
  'https://éxample.com',
];
