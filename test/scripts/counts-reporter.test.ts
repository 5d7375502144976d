import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runModule } from '../support/processes';

const MODULE = join(__dirname, '..', '..', 'scripts', 'support', 'counts-reporter.mjs');
const RESULTS = {
  numPassedTests: 5,
  numFailedTests: 2,
  numRuntimeErrorTestSuites: 1,
  numPendingTests: 3,
  numTodoTests: 4,
};

// Each test starts a process, beside those of other test files.
jest.setTimeout(60_000);

describe('the reporter of counts', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'mcp-egress-counts-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (patienceMs: number, left: string) =>
    runModule(`
      import Reporter from ${JSON.stringify(MODULE)};
      process.env.MCP_EGRESS_COUNTS = ${JSON.stringify(join(folder, 'counts.json'))};
      new Reporter({}, { patienceMs: ${patienceMs} }).onRunComplete([], ${JSON.stringify(RESULTS)});
      ${left}`);

  it('writes them down, and lets a run end by itself', async () => {
    expect(await run(30_000, '')).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(readFileSync(join(folder, 'counts.json'), 'utf8'))).toEqual({ passed: 5, failed: 3, skipped: 7 });
  });

  it('ends a run that a test keeps open, as a failure', async () => {
    const { code, stderr } = await run(100, 'setInterval(() => undefined, 1000);');
    expect(code).toBe(1);
    expect(stderr).toContain('did not end by itself within 100 ms: a test left something open');
  });
});
