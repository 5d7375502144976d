import { ESCAPES, POLICY, STACK, useFolder } from './support/cli';

const CASES = `version: 1
cases:
  - name: the search API
    workload: web-search
    url: https://api.example.com/status
    at: 2030-06-30
    expect: allowed
  - workload: web-search
    method: POST
    url: http://plain.example.org/form
    expect: denied
    reason: method
`;

describe('test', () => {
  const folder = useFolder();
  beforeEach(() => {
    folder.current.write('egress.yaml', POLICY);
    folder.current.write('cases.yaml', CASES);
  });
  const test = (...args: string[]) => folder.current.cli(['test', ...args]);

  it('says of each case whether it is as expected', async () => {
    const { code, stdout, stderr } = await test('cases.yaml');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^passed +the search API +allowed +allowed \(rule\)$/m);
    expect(stdout).toMatch(/^passed +web-search POST http:\/\/plain\.example\.org\/form +denied \(method\)/m);
    expect(stdout).toMatch(/2 cases: 2 passed, 0 failed\n$/);
  });

  it('ends with 1 where one is not, and names its place and what to add', async () => {
    folder.current.write(
      'cases.yaml',
      `${CASES}  - { workload: web-search, url: "https://new.example.com/", expect: allowed }\n`,
    );
    const { code, stdout } = await test('cases.yaml');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^cases\.yaml:13:5: failed: expected allowed, got denied \(no_rule\); workloads: .*new\.example\.com/m,
    );
    const markdown = (await test('cases.yaml', '--format', 'markdown')).stdout;
    expect(markdown).toContain('**Not OK**');
    expect(JSON.parse((await test('cases.yaml', '--json')).stdout)).toMatchObject({ ok: false, passed: 2, failed: 1 });
  });

  it('takes the day from --at where a case names none', async () => {
    folder.current.write('cases.yaml', CASES.replace('    at: 2030-06-30\n', ''));
    expect((await test('cases.yaml', '--at', '2030-07-01')).code).toBe(1);
    expect((await test('cases.yaml', '--at', '2030-06-30')).code).toBe(0);
  });

  it('reads several files, each with places of its own', async () => {
    folder.current.write('more.yaml', 'version: 1\ncases:\n  - { workload: web-search, url: x, expect: denied }\n');
    const { code, stdout, stderr } = await test('cases.yaml', 'more.yaml');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('more.yaml:3:34: "x" is not a URL');
    expect(stderr).not.toMatch(STACK);
  });

  it('says that nobody listens where a live gateway should be', async () => {
    const { code, stdout } = await test('cases.yaml', '--live', 'http://127.0.0.1:1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^skipped +the search API/m);
    expect(stdout).toMatch(/^skipped .*POST is not sent to a server for a test$/m);
    folder.current.write('cases.yaml', CASES.replace('    at: 2030-06-30\n', ''));
    expect((await test('cases.yaml', '--live', 'http://127.0.0.1:1')).stdout).toContain(
      'no gateway answers at 127.0.0.1:1 (ECONNREFUSED)',
    );
  });

  it.each([
    [['missing.yaml'], 'missing.yaml'],
    [['cases.yaml', '--live', 'ftp://x'], 'Write http://HOST'],
    [[], "missing required argument 'cases'"],
  ])('%j is an error that says what to do', async (args, message) => {
    const { code, stderr } = await test(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('prints names so that a terminal does nothing', async () => {
    folder.current.write('cases.yaml', CASES.replace('the search API', '"\\e[31mred"'));
    const { stdout } = await test('cases.yaml');
    expect(stdout).not.toMatch(ESCAPES);
  });
});
