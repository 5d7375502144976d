import { run } from '../../support/processes';
import { MAIN, PLAIN_ENV, STACK } from './support/cli';

const module_ = (name: string): string => JSON.stringify(MAIN.replace('main.js', name));
const policyErrors = JSON.stringify(MAIN.replace('cli/main.js', 'policy/errors.js'));
const gatewayErrors = JSON.stringify(MAIN.replace('cli/main.js', 'gateway/errors.js'));

/** What the CLI says to an error that a command throws. */
function report(error: string, env: NodeJS.ProcessEnv = {}) {
  const script = `process.exitCode = require(${module_('report-error.js')}).reportError(${error})`;
  return run(process.execPath, ['-e', script], { env: { ...PLAIN_ENV, ...env } });
}

describe('reportError', () => {
  it('calls a bug a bug, says how to report it, and shows no stack', async () => {
    const { code, stderr } = await report(`new TypeError('x is undefined \\u001b[31m')`);
    expect(stderr).toContain('this is a bug in cdktf-mcp-egress, not in your input: x is undefined \\u{1b}[31m');
    expect(stderr).toMatch(
      /Please report it .*command line and these versions:\ncdktf-mcp-egress \d+\.\d+\.\d+, Node v/,
    );
    expect(stderr).toContain('DEBUG=mcp-egress');
    expect(stderr).not.toMatch(STACK);
    expect(code).toBe(70);
  });

  it('shows the stack with DEBUG=mcp-egress', async () => {
    const { stderr } = await report(`new TypeError('x')`, { DEBUG: 'mcp-egress' });
    expect(stderr).toMatch(STACK);
  });

  it('takes whatever is thrown', async () => {
    expect(await report('"text"')).toMatchObject({ code: 70, stderr: expect.stringContaining('input: text') });
    expect(await report('undefined')).toMatchObject({ code: 70 });
  });

  it.each([
    [
      'a policy that does not check',
      `new (require(${policyErrors}).PolicyError)([{ code: 'path', file: 'f', line: 1, column: 2, message: 'm' }])`,
      1,
    ],
    ['an unreadable file', `new (require(${policyErrors}).PolicyFileError)(['f'], 'cannot read')`, 2],
    ['no Envoy', `new (require(${gatewayErrors}).EnvoyNotFoundError)('why.')`, 2],
    [
      'a taken port',
      `new (require(${gatewayErrors}).PortTakenError)([{ listener: 'l', address: '127.0.0.1', port: 1 }])`,
      2,
    ],
    ['an Envoy that does not start', `new (require(${gatewayErrors}).EnvoyStartError)('why', ['words'])`, 1],
    ['a config that Envoy refuses', `new (require(${gatewayErrors}).EnvoyConfigError)(['words'])`, 70],
  ])('%s: the exit code of the answer, with the message alone', async (_, error, exitCode) => {
    const { code, stderr } = await report(error);
    expect(code).toBe(exitCode);
    expect(stderr).toMatch(exitCode === 70 ? /bug.*\n {2}words/ : /^error: \S/);
    expect(stderr).not.toMatch(STACK);
  });
});
