import { join } from 'node:path';
import { runModule, type Ended } from '../support/processes';

const SUPPORT = join(__dirname, '..', '..', 'scripts', 'support');
const from = (name: string): string => JSON.stringify(join(SUPPORT, name));

// Each test starts a process, beside those of other test files.
jest.setTimeout(60_000);

describe('the table of fault tests', () => {
  const table = (repeats: number, runs: string): Promise<Ended> =>
    runModule(`
      import { FaultTable } from ${from('fault-table.mjs')};
      const table = new FaultTable(${repeats});
      const run = (passed, failed, skipped, seconds) => ({ passed, failed, skipped, seconds });
      ${runs}
      console.log(table.text);
      console.log(table.ok);
    `);

  it('has a row for each test over all its runs', async () => {
    const runs = `table.add('a.test.ts', run(2, 0, 0, 9.6)); table.add('b.test.ts', run(1, 0, 1, 3));
      table.add('a.test.ts', run(2, 0, 0, 12.2)); table.add('b.test.ts', run(1, 0, 1, 3));`;
    expect((await table(2, runs)).stdout.replace(/ {2,}/g, ' | ')).toBe(
      'test | runs | passed | failed | tests a run | skipped | seconds (least to most)\n' +
        'a | 2 | 2 | 0 | 2 | 0 | 10 to 12\nb | 2 | 2 | 0 | 1 | 1 | 3 to 3\ntrue\n',
    );
  });

  it.each([
    ['one run fails', `table.add('a', run(2, 0, 0, 1)); table.add('a', run(1, 1, 0, 1));`],
    ['one run is missing', `table.add('a', run(2, 0, 0, 1));`],
    ['nothing ran in one of them', `table.add('a', run(2, 0, 0, 1)); table.add('a', run(0, 0, 2, 1));`],
  ])('is not content where %s', async (_what, runs) => {
    expect((await table(2, runs)).stdout).toMatch(/\nfalse\n$/);
  });
});

describe('open files', () => {
  const command = (needed: string): Promise<Ended> =>
    runModule(`
      import { withDescriptors } from ${from('descriptors.mjs')};
      import { execFileSync } from 'node:child_process';
      const [file, ...args] = withDescriptors(['sh', '-c', 'ulimit -S -n'], ${needed});
      console.log(execFileSync(file, args, { encoding: 'utf8' }).trim());
    `);

  it('are as many as needed', async () => {
    expect(Number((await command('40')).stdout)).toBeGreaterThanOrEqual(40);
  });

  it('are asked for where the hard limit is lower', async () => {
    const { code, stderr } = await command('1e12');
    expect(code).toBe(1);
    expect(stderr).toMatch(/1000000000000 open files are needed \(ulimit -n\), and this process may have \w+\. Raise/);
  });
});
