import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EgressPolicy } from '../lib/policy';
import { run, type Ended } from './support/processes';

const ROOT = join(__dirname, '..');

// Each test starts processes, beside those of other test files.
jest.setTimeout(60_000);

describe('the example app', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'synth-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const policyFile = (): string => join(folder, 'egress.yaml');
  const stackFile = (): string => join(folder, 'out', 'stacks', 'mcp-egress', 'cdk.tf.json');
  const synth = (): Promise<Ended> =>
    // cdktf itself uses what newer versions of Node call deprecated.
    run(process.execPath, ['--no-deprecation', '--import', require.resolve('tsx'), join(ROOT, 'main.ts')], {
      cwd: folder,
      env: { ...process.env, CDKTF_OUTDIR: 'out', NO_COLOR: '1' },
    });

  it('deploys every workload of the policy, and says where its proxy is', async () => {
    cpSync(join(ROOT, 'egress.yaml'), policyFile());
    expect(await synth()).toEqual({ code: 0, stdout: '', stderr: '' });
    const policy = EgressPolicy.fromFile(policyFile());
    const { output } = JSON.parse(readFileSync(stackFile(), 'utf8'));
    expect(output.policy_hash.value).toBe(policy.hash);
    expect(output.proxy_urls.value).toEqual({
      'local-llm': 'http://gateway.mcp.internal:10001',
      'web-search': 'http://gateway.mcp.internal:10000',
    });
  });

  it('fails its synth on a policy that does not check, with place and no stack trace', async () => {
    writeFileSync(policyFile(), 'version: 1\nworkloads:\n  tool:\n    port: 80\n');
    const { code, stderr } = await synth();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^egress\.yaml:4:11: .*80/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(stackFile())).toBe(false);
  });

  it('fails its synth where there is no policy', async () => {
    const { code, stderr } = await synth();
    expect(code).toBe(1);
    expect(stderr).toContain('egress.yaml');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('is run from source by the CLI of CDK for Terraform', async () => {
    cpSync(join(ROOT, 'egress.yaml'), policyFile());
    const cli = join(ROOT, 'node_modules', '.bin', 'cdktf');
    const { app } = JSON.parse(readFileSync(join(ROOT, 'cdktf.json'), 'utf8'));
    expect(app).toBe('node --import tsx main.ts');
    const env = { ...process.env, CHECKPOINT_DISABLE: '1', CI: '1' };
    const { code, stdout } = await run(cli, ['synth', '--output', join(folder, 'out')], { cwd: ROOT, env });
    expect(stdout).toContain('Generated Terraform code for the stacks: mcp-egress');
    expect(code).toBe(0);
    expect(existsSync(stackFile())).toBe(true);
  });
});
