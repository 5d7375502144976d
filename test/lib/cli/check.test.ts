import { ESCAPES, POLICY, STACK, useFolder } from './support/cli';

const BROKEN = 'version: 1\nworkload: {}\nmode: "\\e[31m\\u202Ered"\n';

describe('check', () => {
  const folder = useFolder();

  it('says that a policy is valid, with what it holds', async () => {
    folder.current.write('egress.yaml', POLICY);
    const { code, stdout, stderr } = await folder.current.cli(['check']);
    expect(stdout).toMatch(/^workload +port +rules +hosts +limits\nweb-search +10000 +3 +3 +-\n/);
    expect(stdout).toMatch(/^egress\.yaml:3:3: warning: workload "web-search" has no limits/m);
    expect(stdout).toMatch(/\negress\.yaml: valid with \d+ warnings, enforce, 1 workload, 3 rules\n$/);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('reports every error at its place, with nothing that a terminal would obey', async () => {
    folder.current.write('egress.yaml', BROKEN);
    const { code, stdout } = await folder.current.cli(['check']);
    expect(stdout).toMatch(/^egress\.yaml:2:1: error: .*did you mean "workloads"/m);
    expect(stdout).toMatch(/^egress\.yaml:3:7: error: mode "\\u001b\[31m/m);
    expect(stdout).toMatch(/\negress\.yaml: 2 errors; nothing of it would be in force\n$/);
    expect(stdout).not.toMatch(ESCAPES);
    expect(code).toBe(1);
  });

  it('takes warnings for a no with --strict', async () => {
    folder.current.write('egress.yaml', POLICY);
    const { code, stdout } = await folder.current.cli(['check', '--strict']);
    expect(stdout).toMatch(/egress\.yaml: valid, but \d+ warnings, and --strict takes no warnings\n$/);
    expect(code).toBe(1);
  });

  it('names every wildcard as a channel in DNS questions, which is no reason for a no', async () => {
    folder.current.write(
      'egress.yaml',
      `version: 1
workloads:
  search:
    port: 10000
    limits: { connections: 10 }
    allow:
      - { hosts: ['*.wide.example.org', exact.example.org], owner: me, reason: docs } # egress-ignore: wildcard one owner
`,
    );
    const { code, stdout } = await folder.current.cli(['check', '--strict']);
    expect(stdout).toMatch(
      /^egress\.yaml:7:9: note: \*\.wide\.example\.org lets data out in DNS questions: the owner of wide\.example\.org .*\(search;/m,
    );
    expect(stdout).not.toContain('note: exact');
    expect(stdout).toMatch(/egress\.yaml: valid, enforce, 1 workload, 1 rule, 1 warning accepted\n$/);
    expect(code).toBe(0);
    const { notes } = JSON.parse((await folder.current.cli(['check', '--json'])).stdout);
    expect(notes).toEqual([expect.objectContaining({ code: 'dns_channel', file: 'egress.yaml', line: 7, column: 9 })]);
  });

  it('names the page of each warning, and lists what comments accept without a no', async () => {
    const wild = '- host: "*.example.com"\n        owner: me\n        reason: docs';
    const text = (comment: string) =>
      `version: 1\nworkloads:\n  a:\n    port: 10000\n    limits: { connections: 1 }\n    allow:\n      ${wild}${comment}\n`;
    folder.current.write('egress.yaml', text(''));
    const warned = await folder.current.cli(['check', '--strict']);
    expect(warned.stdout).toMatch(
      /^egress\.yaml:7:9: warning: host "\*\.example\.com": .* \[docs\/checks\.md#wildcard\]$/m,
    );
    expect(warned.code).toBe(1);
    folder.current.write('egress.yaml', text(' # egress-ignore: wildcard one | `owner`'));
    const { code, stdout } = await folder.current.cli(['check', '--strict']);
    expect(stdout).toMatch(
      /^egress\.yaml:7:9: accepted: .*; accepted because: one \| `owner` \[docs\/checks\.md#wildcard\]$/m,
    );
    expect(code).toBe(0);
    const { warnings, accepted } = JSON.parse((await folder.current.cli(['check', '--json'])).stdout);
    expect(warnings).toEqual([]);
    expect(accepted).toEqual([
      expect.objectContaining({ code: 'wildcard', line: 7, because: 'one | `owner`', docs: 'docs/checks.md#wildcard' }),
    ]);
    const markdown = await folder.current.cli(['check', '--format', 'markdown']);
    expect(markdown.stdout).toMatch(
      /^\| accepted \| `egress\.yaml:7:9` \| `host .*`; `` accepted because: one \\\| `owner` `` \| `docs\/checks\.md#wildcard` \|$/m,
    );
  });

  it('judges expiry only with --at', async () => {
    folder.current.write('egress.yaml', POLICY.replace('2030-06-30', '2020-06-30'));
    expect((await folder.current.cli(['check'])).stdout).not.toContain('2020-06-30');
    expect((await folder.current.cli(['check', '--at', '2020-06-29'])).stdout).toContain('counts through 2020-06-30');
    expect((await folder.current.cli(['check', '--at', 'today'])).stdout).toContain('counted through 2020-06-30');
  });

  it('prints the same facts as JSON', async () => {
    folder.current.write('egress.yaml', POLICY);
    const { code, stdout } = await folder.current.cli(['check', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      strict: false,
      files: ['egress.yaml'],
      problems: [],
      policy: {
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        mode: 'enforce',
        workloads: [{ name: 'web-search', port: 10000, rules: 3, hosts: 3, limits: {} }],
      },
    });
    expect(code).toBe(0);
    folder.current.write('egress.yaml', BROKEN);
    const broken = await folder.current.cli(['check', '--format', 'json']);
    expect(JSON.parse(broken.stdout)).toMatchObject({
      ok: false,
      problems: [
        { code: 'unknown_key', file: 'egress.yaml', line: 2, column: 1 },
        { code: 'wrong_value', line: 3 },
      ],
    });
    expect(broken.stdout).not.toMatch(ESCAPES);
    expect(broken.code).toBe(1);
  });

  it('prints Markdown in which no value is markup', async () => {
    folder.current.write('egress.yaml', 'version: 1\nmode: "a | b `c` <b>"\n');
    const { code, stdout } = await folder.current.cli(['check', '--format', 'markdown']);
    expect(stdout).toContain('**Not OK**');
    expect(stdout).toMatch(/^\| error \| `egress\.yaml:2:7` \| ``+ ?mode "a \\\| b `c` <b>".*``+ \| {2}\|$/m);
    expect(code).toBe(1);
  });

  it('reads standard input and merges files, naming the place in each', async () => {
    const one = folder.current.write('one.yaml', POLICY);
    const input = 'version: 1\nworkloads: { web-search: { port: 10009 } }\n';
    const { code, stdout } = await folder.current.cli(['check', '--policy', one, '--policy', '-'], { input });
    expect(stdout).toMatch(/<stdin>:2:\d+: error: .*10009.*one\.yaml:/);
    expect(code).toBe(1);
    const same = await folder.current.cli(['check', '--policy', one, '--policy', '-'], { input: POLICY });
    expect(same.stdout).toContain('one.yaml + <stdin>: valid');
    expect(same.code).toBe(0);
  });

  it('shows the problems of all files at once', async () => {
    folder.current.write('one.yaml', BROKEN);
    const { stdout } = await folder.current.cli(['check', '--policy', 'one.yaml', '--policy', '-'], { input: BROKEN });
    expect(stdout).toMatch(/^one\.yaml:2:1: /m);
    expect(stdout).toMatch(/^<stdin>:2:1: /m);
    expect(stdout).toContain('one.yaml + <stdin>: 4 errors');
  });

  it.each([
    [['check'], 'cannot read the policy file "egress.yaml"', 'mcp-egress init'],
    [['check', '--policy', '.'], 'cannot read the policy file "."', 'this is a folder'],
    [['check', '--policy', '-', '--policy', '-'], 'standard input can be read once', 'write - only once'],
  ])('%j: unreadable input is 2', async (args, what, remedy) => {
    const { code, stdout, stderr } = await folder.current.cli(args);
    expect(stderr).toContain(what);
    expect(stderr).toContain(remedy);
    expect(stderr).not.toMatch(STACK);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
