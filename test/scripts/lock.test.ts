import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, runModule, type Ended } from '../support/processes';

const SCRIPTS = join(__dirname, '..', '..', 'scripts');

// Each test starts processes, beside those of other test files.
jest.setTimeout(60_000);

describe('withLock', () => {
  let folder: string;
  let lock: string;
  let log: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lock-test-'));
    lock = join(folder, 'lock');
    log = join(folder, 'log');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const use = (work: string, onStderr?: (stderr: string) => void): Promise<Ended> =>
    runModule(
      `
      import { appendFileSync } from 'node:fs';
      import { setTimeout as delay } from 'node:timers/promises';
      import { withLock } from ${JSON.stringify(join(SCRIPTS, 'support', 'lock.mjs'))};
      const log = (text) => appendFileSync(${JSON.stringify(log)}, text + '\\n');
      await withLock(${JSON.stringify(lock)}, async () => { ${work} }, (message) => console.error(message));
    `,
      { onStderr },
    );
  const holding = 'log("in"); await delay(50); log("out");';

  const deadPid = async (): Promise<number> =>
    Number((await run(process.execPath, ['--print', 'process.pid'])).stdout.trim());
  const leaveLock = (owner: unknown): void => {
    mkdirSync(lock);
    if (owner !== undefined) writeFileSync(join(lock, 'owner.json'), JSON.stringify(owner));
  };

  it('lets one process in at a time', async () => {
    const ended = await Promise.all(Array.from({ length: 5 }, () => use(holding)));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(readFileSync(log, 'utf8')).toBe('in\nout\n'.repeat(5));
    expect(existsSync(lock)).toBe(false);
  });

  it('is released when the work throws', async () => {
    expect((await use('throw new Error("no");')).code).toBe(1);
    expect(existsSync(lock)).toBe(false);
  });

  it('is released when the process ends within the work', async () => {
    expect((await use('process.exit(3);')).code).toBe(3);
    expect(existsSync(lock)).toBe(false);
  });

  it('is taken over from a process that is gone, by one of those who wait', async () => {
    leaveLock({ pid: await deadPid(), host: hostname() });
    await Promise.all([use(holding), use(holding), use(holding)]);
    expect(readFileSync(log, 'utf8')).toBe('in\nout\n'.repeat(3));
    expect(existsSync(lock)).toBe(false);
  });

  it('is taken over when its maker died before it wrote its name', async () => {
    leaveLock(undefined);
    utimesSync(lock, new Date(0), new Date(0));
    expect((await use(holding)).code).toBe(0);
  });

  it('says for whom it waits, and which folder to remove', async () => {
    leaveLock({ pid: process.pid, host: hostname() });
    const { stderr } = await use('log("late");', () => {
      expect(existsSync(log)).toBe(false);
      rmSync(lock, { recursive: true });
    });
    expect(stderr).toBe(
      `waiting for process ${process.pid} on ${hostname()}, which is installing here (if it is not, remove ${lock})\n`,
    );
    expect(readFileSync(log, 'utf8')).toBe('late\n');
  });
});
