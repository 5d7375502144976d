import { join } from 'node:path';
import { runModule } from '../support/processes';

const MODULE = join(__dirname, '..', '..', 'scripts', 'support', 'skipped-groups.mjs');

async function evaluate(expression: string): Promise<{ result: unknown; stderr: string; code: number | null }> {
  const { stdout, stderr, code } = await runModule(
    `import * as skips from ${JSON.stringify(MODULE)};\nconsole.log(JSON.stringify(${expression}));`,
  );
  return { result: stdout === '' ? undefined : JSON.parse(stdout), stderr, code };
}

const report = (ci: boolean, ...allowed: string[]) =>
  evaluate(
    `skips.reportSkipped([{ group: 'websocket', reason: 'no namespace' }, { group: 'dns', reason: 'no namespace' }],
      { ci: ${ci}, allowed: new Set(${JSON.stringify(allowed)}) })`,
  );

// Each test starts processes, beside those of other test files.
jest.setTimeout(60_000);

describe('skipped groups', () => {
  it('are listed with their reasons, and accepted on a machine of a developer', async () => {
    expect(await report(false)).toEqual({
      code: 0,
      result: true,
      stderr: '\n2 groups were skipped:\n  - websocket: no namespace\n  - dns: no namespace\n',
    });
  });

  it('fail in CI when .ci/skips does not name them', async () => {
    const { result, stderr } = await report(true, 'dns');
    expect(result).toBe(false);
    expect(stderr).toContain('  - websocket: no namespace [not allowed: .ci/skips does not name it]\n');
    expect(stderr).toContain('  - dns: no namespace\n');
  });

  it('pass in CI when .ci/skips names them', async () => {
    expect((await report(true, 'dns', 'websocket')).result).toBe(true);
  });

  it('are read from .ci/skips with a reason each', async () => {
    expect(
      (await evaluate(`[...skips.readAllowedSkips('# x: y\\n\\ndns: this CI has no namespaces\\n')]`)).result,
    ).toEqual(['dns']);
    const { code, stderr } = await evaluate(`skips.readAllowedSkips('# x\\ndns\\n')`);
    expect(code).toBe(1);
    expect(stderr).toContain('.ci/skips:2: "dns" has no reason; write "group: reason"');
  });

  it('of this project can be read', async () => {
    expect((await evaluate('Array.isArray([...skips.readAllowedSkips()])')).result).toBe(true);
  });
});
