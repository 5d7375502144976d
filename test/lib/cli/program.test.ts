import { run } from '../../support/processes';
import { ESCAPES, MAIN, PLAIN_ENV, STACK, useFolder } from './support/cli';

const COMMANDS = ['init', 'check', 'explain', 'render', 'run', 'prove'];

describe('mcp-egress', () => {
  const folder = useFolder();

  it.each(COMMANDS)('%s --help describes the command and gives examples', async (command) => {
    const { code, stdout, stderr } = await folder.current.cli([command, '--help']);
    expect(stdout).toContain(`Usage: mcp-egress ${command} `);
    expect(stdout).toMatch(new RegExp(`Examples:\n {2}\\$ .*mcp-egress ${command}`));
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('--help names every command and the exit codes', async () => {
    const { code, stdout } = await folder.current.cli(['--help']);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(stdout).toContain('Exit codes: 0 yes, 1 the answer is no, 2 usage or unreadable input');
    expect(code).toBe(0);
  });

  it('--help loads neither the policy library nor Envoy code nor a peer', async () => {
    const heavy = '/node_modules/(zod|yaml|tldts|chokidar|cli-table3|cdktf|constructs)/|/lib/(envoy|policy/policy)';
    const program = JSON.stringify(MAIN.replace('main.js', 'program.js'));
    const script = `const { createProgram } = require(${program});
      createProgram().parseAsync(['node', 'x', 'check', '--help']).catch(() => {
        console.error(Object.keys(require.cache).filter((file) => new RegExp(${JSON.stringify(heavy)}).test(file)).join());
      });`;
    const { stdout, stderr } = await run(process.execPath, ['-e', script], { env: PLAIN_ENV });
    expect(stdout).toContain('Usage: mcp-egress check');
    expect(stderr.trim()).toBe('');
  });

  it('--version prints the version alone', async () => {
    const { code, stdout } = await folder.current.cli(['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(code).toBe(0);
  });

  it('without a command prints the help to standard error and ends with 2', async () => {
    const { code, stdout, stderr } = await folder.current.cli([]);
    expect(stderr).toContain('Usage: mcp-egress');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it.each([
    [['chek'], "error: unknown command 'chek'\n(Did you mean check?)"],
    [['check', '--strickt'], "error: unknown option '--strickt'\n(Did you mean --strict?)"],
    [['check', '--format', 'xml'], "argument 'xml' is invalid. Allowed choices are text, json, markdown."],
    [['check', '--json', '--format', 'text'], "option '--json' cannot be used with option '--format <format>'"],
    [['check', '--at', '2027-02-30'], 'Write a day as 2027-06-30, an instant as 2027-06-30T12:00:00Z, or today.'],
    [['render'], "error: required option '--out <dir>' not specified"],
    [['render', '--out', 'x', '--directory', 'y'], 'Write an absolute path, such as /etc/mcp-egress.'],
    [['run', '--bind', 'localhost'], 'Write an IP address, such as 127.0.0.1, ::1 or 0.0.0.0.'],
    [['run', '--dns', 'dns.example.com'], 'Write IP:PORT, such as 10.0.0.2:53 or [2001:db8::53]:53.'],
    [['run', '--health-port', '70000'], 'Write a port from 1 to 65535.'],
    [['explain', 'w', 'GET'], "error: missing required argument 'url'"],
    [['explain', 'w', 'GET', 'https://x', '--answers', 'y'], 'Write IP addresses with commas between them, or none.'],
  ])('%j is wrong usage: 2, and what to write', async (args, message) => {
    const { code, stdout, stderr } = await folder.current.cli(args);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(STACK);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('never gives an argument to the terminal as it is', async () => {
    const hostile = '\u001b[31m\u202ered';
    for (const args of [
      [hostile],
      ['check', `--${hostile}`],
      ['check', '--format', hostile],
      ['check', '--at', hostile],
    ]) {
      const { code, stderr } = await folder.current.cli(args);
      expect(stderr).toContain('\\u{1b}[31m');
      expect(stderr).not.toMatch(ESCAPES);
      expect(code).toBe(2);
    }
  });
});
