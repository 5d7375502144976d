import { ESCAPES, POLICY, STACK, useFolder } from './support/cli';

const WIDER = POLICY.replace('methods: [GET]', 'methods: [GET, POST]').replace('2030-06-30', '2029-06-30');
const LESS = POLICY.replace('2030-06-30', '2029-06-30');

describe('diff', () => {
  const folder = useFolder();

  /** Compares two policies; the first one comes from standard input. */
  const diff = (before: string, after: string, ...args: string[]) => {
    folder.current.write('egress.yaml', after);
    return folder.current.cli(['diff', '-', 'egress.yaml', ...args], { input: before });
  };

  it('says what widens and what narrows, on lines of their own, and answers no', async () => {
    const { code, stdout, stderr } = await diff(POLICY, WIDER);
    expect(stdout.split('\n').map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
      ' | workload | what | change',
      '~ | wider | web-search | plain.example.org:80 | now also http, POST',
      '~ | narrower | web-search | api.example.com:443 | no longer tls, from 2029-07-01 through 2030-06-30',
      '',
      '<stdin> → egress.yaml: wider: 1 allows more, 1 allows less',
      '',
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(1);
  });

  it('answers yes where nothing widens', async () => {
    const less = await diff(POLICY, LESS);
    expect(less.stdout).toContain('not wider: 1 allows less');
    expect(less.code).toBe(0);
    const same = await diff(POLICY, `# moved\n${POLICY.replace('SEC-142', 'SEC-143')}`);
    expect(same.stdout).toBe('<stdin> → egress.yaml: no change\n');
    expect(same.code).toBe(0);
  });

  it('leaves out with --at what is over', async () => {
    const at = await diff(LESS, POLICY, '--at', '2030-07-01');
    expect(at.stdout).toContain('no change of what passes');
    expect(at.code).toBe(0);
    expect((await diff(LESS, POLICY, '--at', '2030-06-30')).code).toBe(1);
  });

  it('writes a line for each host, with the names that stay as they were', async () => {
    const before = 'version: 1\nworkloads: { a: { port: 10000, allow: [{ host: a.example.com }] } }\n';
    const after = before.replace('host: a.example.com', 'hosts: ["*.example.com", b.example.org], ports: [443, 8443]');
    const { stdout } = await diff(before, after);
    expect(stdout).toMatch(/^\+ {2}wider {2}a {9}\*\.example\.com:443,8443 +tls \(as before: a\.example\.com:443\)$/m);
    expect(stdout).toMatch(/^\+ {2}wider {2}a {9}b\.example\.org:443,8443 +tls$/m);
  });

  it('prints the same facts as JSON', async () => {
    const { code, stdout } = await diff(POLICY, WIDER, '--json');
    expect(JSON.parse(stdout)).toEqual({
      widened: true,
      before: { file: '<stdin>', hash: expect.stringMatching(/^[0-9a-f]{64}$/), mode: 'enforce' },
      after: { file: 'egress.yaml', hash: expect.stringMatching(/^[0-9a-f]{64}$/), mode: 'enforce' },
      changes: [
        {
          about: 'hosts',
          effect: 'widened',
          workload: 'web-search',
          extent: 'part',
          hosts: ['plain.example.org'],
          except: [],
          ports: [80],
          regions: [{ contents: ['absolute', 'tunnel-http'], methods: { only: ['POST'] } }],
          text: 'now also http, POST',
        },
        expect.objectContaining({
          effect: 'narrowed',
          hosts: ['api.example.com'],
          regions: [{ contents: ['tls'], days: [{ from: '2029-07-01', through: '2030-06-30' }] }],
        }),
      ],
    });
    expect(code).toBe(1);
  });

  it('writes Markdown with what widens in the open and the rest folded', async () => {
    const { code, stdout } = await diff(POLICY, WIDER, '--markdown');
    const [title, table, folded] = stdout.split('\n\n');
    expect(title).toBe('⚠️ **wider: 1 allows more, 1 allows less** `egress.yaml`');
    expect(table).toContain('| `~` | `web-search` | `plain.example.org:80` | `now also http, POST` |');
    expect(folded).toBe('<details><summary>What no longer passes: 1 line</summary>');
    expect(stdout).toMatch(
      /\| `~` \| `web-search` \| `api\.example\.com:443` \| `no longer tls, .*` \|\n\n<\/details>\n$/,
    );
    expect(code).toBe(1);
    expect((await diff(POLICY, WIDER, '--format', 'markdown')).stdout).toBe(stdout);
  });

  it('keeps Markdown of 10,000 hosts in the size of a comment, and says what it leaves out', async () => {
    const hosts = Array.from({ length: 10_000 }, (_, index) => `h${index}.example.com`);
    const many = `version: 1\nworkloads: { a: { port: 10000, allow: [{ hosts: [${hosts.join(', ')}] }] } }\n`;
    const { stdout } = await diff('version: 1\nworkloads: { a: { port: 10000 } }\n', many, '--markdown');
    expect(stdout.length).toBeLessThan(65_536);
    const rows = stdout.match(/^\| `\+` /gm)?.length ?? 0;
    expect(rows).toBeGreaterThan(500);
    expect(stdout).toContain(`**${10_000 - rows} more lines**: \`mcp-egress diff\` shows all.`);
    const whole = await diff('version: 1\nworkloads: { a: { port: 10000 } }\n', many);
    expect(whole.stdout.match(/^\+ /gm)).toHaveLength(10_000);
  }, 60_000);

  it('shows the problems of both policies at once, with nothing that a terminal would obey', async () => {
    const broken = 'version: 1\nmode: "\\e[31m"\n';
    const { code, stdout, stderr } = await diff(broken, broken);
    expect(stderr).toMatch(/<stdin>:2:7: mode "\\u001b\[31m"/);
    expect(stderr).toContain('egress.yaml:2:7: mode');
    expect(stderr).not.toMatch(ESCAPES);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  it.each([
    [['diff', '-', '-'], 'standard input can be read once'],
    [['diff', 'none.yaml', 'none.yaml'], 'cannot read the policy file "none.yaml"'],
    [['diff', 'none.yaml'], "missing required argument 'new'"],
    [['diff', 'none.yaml', 'none.yaml', '--markdown', '--json'], '--markdown and JSON exclude each other'],
  ])('%j: wrong usage is 2', async (args, what) => {
    const { code, stdout, stderr } = await folder.current.cli(args);
    expect(stderr).toContain(what);
    expect(stderr).not.toMatch(STACK);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
