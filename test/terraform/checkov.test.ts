import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CHECKOV_ACCEPTED } from './support/checkov-accepted';
import { describeWithPython } from './support/prerequisites';
import { appsUnderTest, synthesize } from './support/stacks';
import { timedRun } from './support/timed-run';

jest.setTimeout(300_000);

interface Check {
  readonly check_id: string;
  readonly check_name: string;
  readonly resource: string;
}
interface Report {
  readonly results: { readonly failed_checks: readonly Check[] };
  readonly summary: { readonly passed: number; readonly failed: number; readonly parsing_errors: number };
}

/** Offline: nothing is downloaded, and a proxy where nothing listens stops the rest. */
async function checkov(pythonBin: string, folder: string): Promise<Report> {
  // `terraform` would find nothing in *.tf.json.
  const args = ['--directory', folder, '--framework', 'terraform_json', '--output', 'json', '--compact', '--quiet'];
  const proxy = 'http://127.0.0.1:9';
  const env = { PATH: process.env.PATH, HOME: folder, HTTPS_PROXY: proxy, HTTP_PROXY: proxy, LOG_LEVEL: 'ERROR' };
  const options = { cwd: folder, env, limit: 240_000 };
  const script = join(pythonBin, 'checkov');
  const ended = await timedRun(join(pythonBin, 'python'), [script, ...args, '--skip-download', '--soft-fail'], options);
  if (ended.code !== 0) throw new Error(`checkov ended with ${ended.code}:\n${ended.stderr.slice(-4_000)}`);
  return JSON.parse(ended.stdout) as Report;
}

describeWithPython('checkov', (pythonBin) => {
  it('finds nothing in main.ts but what is accepted with a reason, and all of that', async () => {
    const app = appsUnderTest().find(({ name }) => name === 'main');
    if (!app) throw new Error('there is no main.ts');
    const { folder, stacks } = await synthesize(app);
    try {
      const failed: string[] = [];
      let ran = 0;
      for (const { file } of stacks) {
        expect(readFileSync(file, 'utf8')).not.toContain('checkov:skip');
        const { results, summary } = await checkov(pythonBin, dirname(file));
        expect(summary.parsing_errors).toBe(0);
        ran += summary.passed + summary.failed;
        failed.push(...results.failed_checks.map(({ check_id, resource }) => `${check_id} ${resource}`));
      }
      expect(ran).toBeGreaterThan(100);
      const accepted = CHECKOV_ACCEPTED.flatMap(({ check, resources }) =>
        resources.map((resource) => `${check} ${resource}`),
      );
      expect([...new Set(failed)].sort()).toEqual([...accepted].sort());
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
