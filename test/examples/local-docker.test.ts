import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EgressPolicy, lint } from '../../lib/policy';
import { run } from '../support/processes';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'local-docker');

jest.setTimeout(60_000);

test('the example for Docker synthesizes without a warning', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'local-docker-'));
  try {
    const args = ['--no-deprecation', '--import', require.resolve('tsx'), join(EXAMPLE, 'main.ts')];
    const env = { ...process.env, CDKTF_OUTDIR: folder, NO_COLOR: '1' };
    expect(await run(process.execPath, args, { cwd: EXAMPLE, env })).toEqual({ code: 0, stdout: '', stderr: '' });
    const { resource, output } = JSON.parse(
      readFileSync(join(folder, 'stacks', 'local-docker', 'cdk.tf.json'), 'utf8'),
    );
    expect(output.urls.value).toEqual(['http://127.0.0.1:8080', 'http://127.0.0.1:8081']);
    expect(Object.keys(resource.docker_network)).toHaveLength(5);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('its policy checks', () => {
  const policy = EgressPolicy.fromFile(join(EXAMPLE, 'egress.yaml'));
  expect(policy.workloads.map(({ name }) => name)).toEqual(['agent', 'ollama', 'web-search']);
  expect(lint(policy, { at: new Date('2026-01-01') }).map(({ message }) => message)).toEqual([]);
});
