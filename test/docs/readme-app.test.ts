import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../support/processes';

const ROOT = join(__dirname, '..', '..');
/** In the project, so that the package's own name leads to it, and where git does not look. */
const folder = join(ROOT, 'cdktf.out', `readme-${process.pid}`);

jest.setTimeout(60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The first TypeScript block that makes a perimeter. */
const block = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)]
  .map(([, text = '']) => text)
  .find((text) => text.includes('EgressPerimeter('));

test('the stack in the README has 15 lines at most, and synthesizes as it stands, sealed', async () => {
  expect(block?.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
  mkdirSync(folder, { recursive: true });
  cpSync(join(ROOT, 'egress.yaml'), join(folder, 'egress.yaml'));
  writeFileSync(join(folder, 'main.ts'), (block ?? '').replace('sha256:…', `sha256:${'0'.repeat(64)}`));
  const args = ['--no-deprecation', '--import', require.resolve('tsx'), 'main.ts'];
  const env = { ...process.env, CDKTF_OUTDIR: 'out', NO_COLOR: '1' };
  expect(await run(process.execPath, args, { cwd: folder, env })).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(existsSync(join(folder, 'out', 'stacks', 'agents', 'cdk.tf.json'))).toBe(true);
});
