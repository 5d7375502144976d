import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { containerScript } from '../lib/delivery';
import { templateFolder } from '../lib/envoy/template';
import { PackedApp, ROOT } from './support/packed-app';
import { run, runModule, type Ended } from './support/processes';

const ALLOWED = [
  /^dist\/(lib|constructs|testing)\/.*\.(js|d\.ts)$/,
  /^envoy-templates\/([a-z-]+\.yaml|README\.md)$/,
  /^container-scripts\/([a-z-]+\.(sh|awk)|README\.md)$/,
  /^docs\/.*\.(md|svg|png)$/,
  /^(package\.json|egress\.schema\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
];
const REQUIRED = [
  'dist/lib/cli/main.js',
  'dist/lib/index.js',
  'dist/lib/index.d.ts',
  'dist/constructs/aws/index.d.ts',
  'container-scripts/sync-config.sh',
  'dist/constructs/docker/index.js',
  'dist/testing/index.js',
  'envoy-templates/bootstrap.yaml',
  'container-scripts/sync-config.sh',
  'container-scripts/publication.awk',
  'egress.schema.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
];
const ENTRIES = ['cdktf-mcp-egress', 'cdktf-mcp-egress/aws', 'cdktf-mcp-egress/docker', 'cdktf-mcp-egress/testing'];

const APP = `
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { EgressPolicy, decide, compile, render, type Decision, type CompiledConfig } from 'cdktf-mcp-egress';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { EgressPerimeter, type EgressPerimeterProps } from 'cdktf-mcp-egress/aws';
import * as docker from 'cdktf-mcp-egress/docker';
import { assertRefused, toBeSealed } from 'cdktf-mcp-egress/testing';

const policy = EgressPolicy.fromObject({ version: 1, workloads: { tool: { port: 10000 } } });
const request = { workload: 'tool', form: 'connect', method: 'CONNECT', authority: 'example.com:443' } as const;
const decision: Decision = decide(policy, { ...request, now: new Date() });
const config: CompiledConfig = compile(policy);
assertRefused(policy, request, decision.reason);

const app = new App({ outdir: 'out' });
const stack = new TerraformStack(app, 'app');
new TerraformOutput(stack, 'files', { value: [...render(config).keys()] });
new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
const image = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/tool@sha256:' + '0'.repeat(64);
const props: EgressPerimeterProps = { policy, gatewayImage: image, syncImage: image, servers: { tool: { image } } };
new EgressPerimeter(stack, 'Perimeter', props);
app.synth();
console.log(decision.reason, policy.hash.length, toBeSealed(stack).pass, typeof docker);
`;

const POLICY = `
version: 1
workloads:
  tool:
    port: 10000
    allow:
      - host: api.example.com
        reason: search
        owner: search-team
`;

// Each test starts processes, beside those of other test files.
jest.setTimeout(60_000);

describe('the packed package', () => {
  const app = new PackedApp();

  beforeAll(async () => {
    // Nothing to do after `npm test` has built it.
    const build = `import { ensureBuilt } from ${JSON.stringify(join(ROOT, 'scripts', 'ensure-installed.mjs'))};`;
    expect(await runModule(`${build} await ensureBuilt();`)).toMatchObject({ code: 0 });
    await app.install();
  }, 120_000);
  afterAll(() => app.remove());

  it('holds what its users need and nothing else', () => {
    expect(app.files.filter((file) => !ALLOWED.some((pattern) => pattern.test(file)))).toEqual([]);
    expect(REQUIRED.filter((file) => !app.files.includes(file))).toEqual([]);
    expect(app.files.filter((file) => /(^|\/)(test|tests|bench|scripts|demo)\/|\.test\./.test(file))).toEqual([]);
  });

  it('installs without any peer', () => {
    const installed = readdirSync(app.path('node_modules'));
    expect(installed).toContain('cdktf-mcp-egress');
    expect(installed.filter((name) => /cdktf|constructs/.test(name))).toEqual(['cdktf-mcp-egress']);
  });

  it.each(['mcp-egress', 'cdktf-mcp-egress'])('runs as %s where there is no peer', async (name) => {
    expect(await app.bin(name, ['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Usage: mcp-egress'),
      stderr: '',
    });
    app.write('egress.yaml', POLICY);
    expect(await app.bin(name, ['check'])).toMatchObject({ code: 0, stderr: '' });
    app.write('egress.yaml', POLICY.replace('port: 10000', 'port: 80'));
    const bad = await app.bin(name, ['check']);
    expect(bad.code).toBe(1);
    expect(`${bad.stdout}${bad.stderr}`).toContain('egress.yaml:5:');
  });

  it('finds its templates from source, from dist and where it is installed', async () => {
    const installed = realpathSync(app.path('node_modules', 'cdktf-mcp-egress'));
    const folderFrom = async (root: string): Promise<string> => {
      const module = JSON.stringify(join(root, 'dist', 'lib', 'envoy', 'template.js'));
      return (await run(process.execPath, ['--print', `require(${module}).templateFolder()`])).stdout.trim();
    };
    expect(templateFolder()).toBe(join(ROOT, 'envoy-templates'));
    expect(await folderFrom(ROOT)).toBe(join(ROOT, 'envoy-templates'));
    expect(await folderFrom(installed)).toBe(join(installed, 'envoy-templates'));
  });

  it('finds its container scripts where it is installed', async () => {
    const installed = realpathSync(app.path('node_modules', 'cdktf-mcp-egress'));
    const module = JSON.stringify(join(installed, 'dist', 'lib', 'delivery', 'index.js'));
    const { stdout } = await run(process.execPath, ['--print', `require(${module}).containerScript('sync-config')`]);
    expect(stdout.trim()).toBe(containerScript('sync-config'));
  });

  it('renders where it is installed', async () => {
    app.write('egress.yaml', POLICY);
    expect(await app.bin('mcp-egress', ['render', '--out', 'rendered'])).toMatchObject({ code: 0 });
    expect(readdirSync(app.path('rendered'))).toEqual(
      expect.arrayContaining(['clusters.yaml', 'envoy.yaml', 'listeners.yaml', 'routes']),
    );
  });

  it('loads its main entry without CDK for Terraform', async () => {
    const { code, stdout, stderr } = await app.node([
      '--print',
      "Object.keys(require('cdktf-mcp-egress')).includes('EgressPolicy')",
    ]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'true\n', stderr: '' });
  });

  it.each(['cdktf-mcp-egress/dist/lib/index.js', 'cdktf-mcp-egress/lib/policy'])('keeps %s to itself', async (path) => {
    expect((await app.node(['--eval', `require('${path}')`])).stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  describe("in an app with cdktf's own template", () => {
    const modules = (...parts: string[]): string => join(ROOT, 'node_modules', ...parts);
    const types = ['--typeRoots', modules('@types'), '--types', 'node'];
    const tsc = (...args: string[]): Promise<Ended> =>
      app.node([modules('typescript', 'bin', 'tsc'), '--outDir', 'built', ...types, ...args]);

    beforeAll(() => {
      app.linkPeers();
      app.copyFromTemplate('tsconfig.json');
      app.write('main.ts', APP);
    });

    it.each([
      ['as it is (node10 resolution)', []],
      ['with node16 resolution', ['--module', 'node16', '--moduleResolution', 'node16']],
      ['with a bundler', ['--module', 'preserve', '--moduleResolution', 'bundler']],
    ])(
      'type-checks every entry, %s',
      async (_, options) => {
        expect(await tsc('--noEmit', '--incremental', 'false', ...options)).toEqual({
          code: 0,
          stdout: '',
          stderr: '',
        });
      },
      60_000,
    );

    it('runs every entry', async () => {
      expect(await tsc()).toMatchObject({ code: 0, stdout: '' });
      // cdktf itself uses what newer versions of Node call deprecated.
      expect(await app.node(['--no-deprecation', 'built/main.js'])).toEqual({
        code: 0,
        stdout: 'no_rule 64 true object\n',
        stderr: '',
      });
      expect(existsSync(app.path('out', 'stacks', 'app', 'cdk.tf.json'))).toBe(true);
    });

    it('can be imported from ES modules and read by its package.json', async () => {
      const imports = [...ENTRIES.map((entry) => `await import('${entry}');`), 'console.log("all");'].join('\n');
      expect(await app.node(['--input-type=module', '--eval', imports])).toMatchObject({ code: 0, stdout: 'all\n' });
      const version = await app.node(['--print', "require('cdktf-mcp-egress/package.json').name"]);
      expect(version.stdout).toBe('cdktf-mcp-egress\n');
    });
  });
});
