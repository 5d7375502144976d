import { ESCAPES, POLICY, STACK, useFolder } from './support/cli';

describe('explain', () => {
  const folder = useFolder();
  beforeEach(() => folder.current.write('egress.yaml', POLICY));
  const explain = (...args: string[]) => folder.current.cli(['explain', 'web-search', ...args]);

  it('says by which rule a request is allowed, and where it stands', async () => {
    const { code, stdout, stderr } = await explain('GET', 'https://api.example.com/status', '--at', '2030-06-30');
    expect(stdout).toMatch(/^allowed {2}web-search GET https:\/\/api\.example\.com\/status\n/);
    expect(stdout).toMatch(/^ {2}rule +api\.example\.com:443 {2}\(egress\.yaml:6:9\)$/m);
    expect(stdout).toMatch(/^ {2}owner +search-team$/m);
    expect(stdout).toMatch(/^ {2}expires +2030-06-30$/m);
    expect(stdout).toContain('TLS hides the method and the path');
    expect(stdout).toContain('what the name resolves to was not looked at');
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('says why a request is denied, what the client sees and what to add', async () => {
    const { code, stdout } = await explain('GET', 'https://example.com/');
    expect(stdout).toMatch(/^denied {2}web-search GET https:\/\/example\.com\/\n/);
    expect(stdout).toContain('no_rule: no rule of this workload names the host');
    expect(stdout).toContain('HTTP 403 with x-egress-reason: no_rule');
    expect(stdout).toMatch(/^ {2}hint +workloads: .*host: example\.com/m);
    expect(code).toBe(1);
  });

  it.each([
    ['after the last day', ['GET', 'https://api.example.com/', '--at', '2030-07-01'], 'expired'],
    ['a private address', ['GET', 'https://api.example.com/', '--answers', '10.0.0.7'], 'no_address'],
    ['no address', ['GET', 'http://plain.example.org/', '--answers', 'none'], 'dns_failure'],
    ['another port', ['GET', 'https://api.example.com:8443/'], 'port'],
    ['another method', ['post', 'http://plain.example.org/'], 'method'],
    ['plain HTTP to a tls rule', ['GET', 'http://api.example.com:443/'], 'not_tls'],
    ['opaque bytes to a tls rule', ['CONNECT', 'tcp://api.example.com:443'], 'not_tls'],
    ['an IP address', ['GET', 'https://[2606:2800:21f::14]/'], 'ip_literal'],
    ['an IP address in another spelling', ['GET', 'http://0x7f.1/'], 'ip_literal'],
  ])('%s is denied', async (_, args, reason) => {
    const { code, stdout } = await explain(...args);
    expect(stdout).toMatch(/^denied /);
    expect(stdout).toMatch(new RegExp(`^ {2}why +${reason}: `, 'm'));
    expect(code).toBe(1);
  });

  it.each([
    [
      'a mixed answer, of which the public one counts',
      ['GET', 'https://api.example.com/', '--answers', '10.0.0.7,1.1.1.1'],
    ],
    ['plain HTTP with its method', ['GET', 'http://plain.example.org/a?b=c']],
    ['opaque TCP', ['CONNECT', 'tcp://db.example.org:5432']],
  ])('%s is allowed', async (_, args) => {
    const { code, stdout } = await explain(...args);
    expect(stdout).toMatch(/^allowed /);
    expect(code).toBe(0);
  });

  it.each([
    ['GET', 'https://new.example.org/'],
    ['GET', 'https://new.example.org:8443/'],
    ['GET', 'http://new.example.org:8080/'],
    ['CONNECT', 'tcp://new.example.org:5432'],
  ])('gives a rule that lets %s %s pass', async (...args) => {
    const { stdout } = await explain(...args);
    const [, hint = ''] = /^ {2}hint +(.+)$/m.exec(stdout) ?? [];
    folder.current.write('more.yaml', `version: 1\n${hint.replace('{ allow:', '{ port: 10000, allow:')}\n`);
    const more = await explain(...args, '--policy', 'egress.yaml', '--policy', 'more.yaml');
    expect(more).toMatchObject({ code: 0, stdout: expect.stringMatching(/^allowed /) });
  });

  it('says of mode observe that it passes, and ends with 0', async () => {
    folder.current.write('egress.yaml', `mode: observe\n${POLICY}`);
    const { code, stdout } = await explain('GET', 'https://example.com/');
    expect(stdout).toMatch(/^would_deny {2}web-search/);
    expect(stdout).toContain('observe: it passes and is logged; under mode: enforce it would be refused');
    expect(code).toBe(0);
  });

  it('prints JSON and Markdown', async () => {
    const json = await explain('GET', 'https://api.example.com/', '--json', '--at', '2030-06-30T12:00:00Z');
    expect(JSON.parse(json.stdout)).toMatchObject({
      decision: 'allowed',
      reason: 'rule',
      stage: 'tunnel',
      rule: { id: 'api.example.com:443', source: { file: 'egress.yaml', line: 6, column: 9 } },
      request: {
        form: 'connect',
        authority: 'api.example.com:443',
        sni: 'api.example.com',
        now: '2030-06-30T12:00:00.000Z',
      },
    });
    const markdown = await explain('GET', 'https://example.com/', '--format', 'markdown');
    expect(markdown.stdout).toMatch(/^\*\*denied\*\* `web-search GET https:\/\/example\.com\/`\n\n\| {2}\| {2}\|\n/);
    expect(markdown.code).toBe(1);
  });

  it('lists the workloads for one that is not there', async () => {
    const { code, stdout, stderr } = await folder.current.cli(['explain', 'web\u001b[0m', 'GET', 'https://x.test/']);
    expect(stderr).toBe('error: no workload is called "web\\u001b[0m"; the policy has web-search.\n');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it.each([
    ['GET', 'ftp://example.com/'],
    ['GET', 'example.com'],
    ['GET', 'https://'],
    ['GET', 'https:///path'],
    ['GET', 'https://exa mple.com/'],
    ['CONNECT', 'tcp://example.com'],
    ['CONNECT', 'tcp://example.com:70000'],
    ['CONNECT', 'tcp://example.com:443/path'],
    ['GET', 'https://example.com:99999/\u001b[31m\u202e'],
  ])('%s %s is no request: 2, with the forms that are', async (method, url) => {
    const { code, stderr } = await explain(method, url);
    expect(stderr).toContain('write https://HOST[:PORT]/…, http://HOST[:PORT]/… or tcp://HOST:PORT.');
    expect(stderr).not.toMatch(ESCAPES);
    expect(stderr).not.toMatch(STACK);
    expect(code).toBe(2);
  });

  it('knows what is no method', async () => {
    const { code, stderr } = await explain('GE T', 'https://example.com/');
    expect(stderr).toBe('error: "GE T" is not a method; write one such as GET.\n');
    expect(code).toBe(2);
  });

  it('shows no credentials, and nothing that a terminal would obey', async () => {
    const { stdout } = await explain('GET', 'http://user:secret@example.com/\u001b[31m\u202e');
    expect(stdout).not.toMatch(/secret|user/);
    expect(stdout).not.toMatch(ESCAPES);
  });

  it('does not answer by a policy that is not valid', async () => {
    folder.current.write('egress.yaml', 'version: 2\n');
    const { code, stdout, stderr } = await explain('GET', 'https://api.example.com/');
    expect(stderr).toMatch(/^error: egress\.yaml:1:10: /);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });
});
