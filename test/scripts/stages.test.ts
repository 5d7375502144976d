import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runModule } from '../support/processes';

const SUPPORT = join(__dirname, '..', '..', 'scripts', 'support');
const from = (name: string): string => JSON.stringify(join(SUPPORT, name));

// Each test starts processes, beside those of other test files.
jest.setTimeout(60_000);

describe('the stages of a test run', () => {
  it('all run, but for those that need one that failed, and one failure fails the run', async () => {
    const { stdout, stderr } = await runModule(`
      import { Stages } from ${from('stages.mjs')};
      const stages = new Stages();
      await stages.run('build', () => { throw new Error('tsc found errors'); });
      await stages.run('types', () => true);
      await stages.run('unit', () => { console.log('ran'); return true; }, { after: ['build'] });
      await stages.run('lint', async () => false);
      console.log(stages.ok, stages.summary.replace(/[0-9.]+ s/g, 'N s'));
    `);
    expect(stdout).toBe('false build FAILED (N s), types N s, unit FAILED (not run), lint FAILED (N s)\n');
    expect(stderr.replace(/[0-9.]+ s/g, 'N s')).toBe(
      '\n== build (at N s)\ntsc found errors\n\n== types (at N s)\n' +
        '\n== unit (at N s)\nnot run, because "build" failed\n\n== lint (at N s)\n',
    );
  });

  it('count the tests of all runs, and a file that does not load as a failed one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'counts-'));
    try {
      const counted = { numPassedTests: 5, numFailedTests: 1, numRuntimeErrorTestSuites: 1 };
      writeFileSync(join(folder, 'unit.counts.json'), JSON.stringify({ passed: 10, failed: 0, skipped: 1 }));
      const { stdout } = await runModule(`
        process.env.MCP_EGRESS_COUNTS = ${JSON.stringify(join(folder, 'traffic.counts.json'))};
        const { default: Reporter } = await import(${from('counts-reporter.mjs')});
        const { readCounts } = await import(${from('jest-run.mjs')});
        const count = () => console.log(JSON.stringify(readCounts(${JSON.stringify(folder)})));
        count();
        new Reporter().onRunComplete([], { ...${JSON.stringify(counted)}, numPendingTests: 2, numTodoTests: 1 });
        count();
      `);
      expect(stdout.trim().split('\n')).toEqual([
        '{"passed":10,"failed":0,"skipped":1}',
        '{"passed":15,"failed":2,"skipped":4}',
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
