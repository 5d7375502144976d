import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type Ended } from '../support/processes';

const SCRIPT = join(__dirname, '..', '..', 'scripts', 'in-namespace.mjs');

// Each test starts processes, beside those of other test files.
jest.setTimeout(60_000);

describe('in-namespace', () => {
  let bin: string;

  beforeEach(() => {
    bin = mkdtempSync(join(tmpdir(), 'bin-'));
  });
  afterEach(() => rmSync(bin, { recursive: true, force: true }));

  const inNamespace = (args: readonly string[], env = process.env): Promise<Ended> =>
    run(process.execPath, [SCRIPT, ...args], { env });

  it('says how it is used', async () => {
    expect(await inNamespace([])).toMatchObject({
      code: 2,
      stderr: 'usage: node scripts/in-namespace.mjs COMMAND [ARGS...]\n',
    });
  });

  it('says that there is no unshare, and does not run the command', async () => {
    expect(await inNamespace(['echo', 'ran'], { PATH: bin })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^no network namespace: (there is no unshare \(util-linux\)|\w+ has no network)/),
    });
  });

  it('says in its own words why unshare refuses, and does not run the command', async () => {
    symlinkSync('/bin/false', join(bin, 'unshare'));
    expect(await inNamespace(['echo', 'ran'], { PATH: bin })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^no network namespace: (unshare ended with exit code 1|\w+ has no network)/),
    });
  });

  it('passes on the exit code of the command, or says why it cannot run', async () => {
    const { code, stdout, stderr } = await inNamespace(['sh', '-c', 'echo $MCP_EGRESS_NAMESPACE; exit 7']);
    if (code === 2) expect(stderr).toMatch(/^no network namespace: .+/);
    else expect({ code, stdout }).toEqual({ code: 7, stdout: '1\n' });
  });
});
