import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run, type Ended } from '../support/processes';
import { appsUnderTest, synthesize } from '../terraform/support/stacks';

const ROOT = join(__dirname, '..', '..');
const CI = join(ROOT, 'examples', 'ci');
const MAIN = join(ROOT, 'dist', 'lib', 'cli', 'main.js');

// Each run starts five processes.
jest.setTimeout(120_000);

type Stack = { resource: Record<string, Record<string, object>> };

describe('the pipeline of examples/ci', () => {
  let folder: string;
  let sealed: Stack;
  const file = (name: string): string => join(folder, name);
  const policy = readFileSync(join(ROOT, 'egress.yaml'), 'utf8');

  beforeAll(async () => {
    const app = appsUnderTest().find(({ name }) => name === 'minimal');
    if (!app) throw new Error('there is no example "minimal"');
    const written = await synthesize(app);
    sealed = JSON.parse(readFileSync(written.stacks[0]?.file ?? '', 'utf8')) as Stack;
    rmSync(written.folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ci-'));
    mkdirSync(file('bin'));
    writeFileSync(file('egress.yaml'), policy);
    writeFileSync(file('old.yaml'), policy);
    cpSync(join(CI, 'egress-cases.yaml'), file('egress-cases.yaml'));
    // `npx cdktf synth` of the example takes its time, and has tests of its own: this one hands out what it wrote.
    writeFileSync(
      file('bin/npx'),
      `#!/bin/sh\nset -e\n[ "$1" = cdktf ] && exec cp -r "$STACKS" cdktf.out\nshift\nexec "${process.execPath}" "${MAIN}" "$@"\n`,
      { mode: 0o755 },
    );
    symlinkSync(process.execPath, file('bin/node'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function gate(stack: Stack = sealed): Promise<Ended & { report: string }> {
    const stacks = file('stacks-of-the-test');
    mkdirSync(join(stacks, 'stacks', 'one'), { recursive: true });
    writeFileSync(join(stacks, 'stacks', 'one', 'cdk.tf.json'), JSON.stringify(stack));
    const env = { PATH: `${file('bin')}:${process.env.PATH}`, STACKS: stacks };
    const ended = await run('sh', [join(CI, 'egress.sh'), 'old.yaml', 'report.md'], { cwd: folder, env });
    return { ...ended, report: readFileSync(file('report.md'), 'utf8') };
  }

  it('passes a policy that stays what it means, also where it was written anew', async () => {
    writeFileSync(
      file('old.yaml'),
      policy.replace("hosts: ['*.wikipedia.org', wikipedia.org]", 'hosts: [wikipedia.org, "*.wikipedia.org"]'),
    );
    const { code, report } = await gate();
    expect(code).toBe(0);
    expect(report.match(/^### .+$/gm)).toEqual(['### Check', '### Cases', '### What changes', '### Proof']);
    expect(report).toContain('6 cases: 6 passed');
  });

  it('ends with 10 where the policy allows more, and says what', async () => {
    writeFileSync(
      file('egress.yaml'),
      policy.replace(
        '- host: plain.example.org',
        '- host: more.example.org\n        owner: me\n        reason: new\n      - host: plain.example.org',
      ),
    );
    const { code, report } = await gate();
    expect(code).toBe(10);
    expect(report).toContain('more.example.org');
  });

  it('ends with 10 where there was no policy', async () => {
    writeFileSync(file('old.yaml'), '');
    expect(await gate()).toMatchObject({ code: 10, report: expect.stringContaining('The policy is new.') });
  });

  it.each([
    ['a mistake', policy.replace('port: 10000', 'port: 80'), 'ports'],
    [
      'a case that fails',
      policy.replace('host: api.your-approved-service.com', 'host: other.example.com'),
      'the search API',
    ],
  ])('fails on %s', async (_what, text) => {
    writeFileSync(file('egress.yaml'), text);
    expect((await gate()).code).toBe(1);
  });

  it('fails on a stack with another way out', async () => {
    const leaky = structuredClone(sealed);
    const [group] =
      Object.entries(leaky.resource.aws_security_group ?? {}).find(
        ([, { tags }]: [string, { tags?: Record<string, string> }]) => tags?.['mcp-egress:role'] === 'workload',
      ) ?? [];
    const out = { security_group_id: `\${aws_security_group.${group}.id}`, ip_protocol: '-1', cidr_ipv4: '0.0.0.0/0' };
    Object.assign(leaky.resource.aws_vpc_security_group_egress_rule ?? {}, { out });
    const { code, report } = await gate(leaky);
    expect(code).toBe(1);
    expect(report).toMatch(/LEAK|leak/);
  });

  it('is a workflow whose steps take the gate from the branch that is merged into', () => {
    const { jobs, permissions } = parse(readFileSync(join(CI, 'github-actions.yml'), 'utf8')) as {
      jobs: { egress: { steps: { run?: string }[] } };
      permissions: Record<string, string>;
    };
    expect(permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
    const text = jobs.egress.steps.map((step) => step.run ?? '').join('\n');
    expect(text).toContain('git show "origin/${BASE}:ci/egress.sh"');
    expect(text).not.toMatch(/\$\{\{/);
  });
});
