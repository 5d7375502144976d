import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { run } from '../../support/processes';
import { MAIN, PLAIN_ENV, POLICY, STACK, useFolder } from './support/cli';

const RED_OR_GREEN = /\u001b\[3[12]m/; // eslint-disable-line no-control-regex

describe('on a terminal', () => {
  const folder = useFolder();
  beforeEach(() => folder.current.write('egress.yaml', POLICY));
  const explain = ['explain', 'web-search', 'GET', 'https://api.example.com/'];

  it('colours', async () => {
    const { code, stdout } = await folder.current.onTerminal(explain);
    expect(stdout).toMatch(RED_OR_GREEN);
    expect(code).toBe(0);
  });

  it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('does not colour with %j', async (env) => {
    const { stdout } = await folder.current.onTerminal(explain, env);
    expect(stdout).toContain('allowed');
    expect(stdout).not.toContain('\u001b');
  });

  it('keeps tables within its width', async () => {
    folder.current.write(
      'egress.yaml',
      POLICY.replaceAll('web-search', 'w'.repeat(63)).concat(
        '    limits: { connections: 5, tunnelMinutes: 6, requestsPerSecond: 7 }\n',
      ),
    );
    const { stdout } = await folder.current.onTerminal(['check'], { NO_COLOR: '1' });
    const [head = '', row = ''] = stdout.split(/\r?\n/);
    expect(head).toMatch(/^workload/);
    expect(row).toContain('…');
    expect(row.length).toBeLessThanOrEqual(80);
  });

  it('does not colour a pipe', async () => {
    const { stdout, stderr } = await folder.current.cli(explain, { env: { TERM: 'xterm' } });
    expect(stdout + stderr).not.toContain('\u001b');
  });
});

describe('output that cannot be written', () => {
  const folder = useFolder();
  beforeEach(() => folder.current.write('egress.yaml', POLICY));

  it('ends quietly when nobody reads it any more', async () => {
    const options = { cwd: folder.current.path, env: PLAIN_ENV };
    const child = spawn(process.execPath, [MAIN, 'check'], options);
    child.stdout.destroy(); // long before Node has started there
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('says that a disk is full', async () => {
    const command = 'exec "$0" "$1" check > /dev/full';
    const options = { cwd: folder.current.path, env: PLAIN_ENV };
    const { code, stderr } = await run('sh', ['-c', command, process.execPath, MAIN], options);
    expect(stderr).toBe('error: the output cannot be written: ENOSPC.\n');
    expect(stderr).not.toMatch(STACK);
    expect(code).toBe(2);
  });
});
