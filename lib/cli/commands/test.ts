import { Command, InvalidArgumentError } from 'commander';
import { formatOptions, parseDate, policyOption } from '../option-values';
import { type TestOptions } from '../test-policy';

/** `mcp-egress test`. */
export function testCommand(): Command {
  const [format, json] = formatOptions();
  return new Command('test')
    .summary('compare expectations with the policy, or with a running gateway')
    .description(
      'Reads cases (workload, method, URL, and whether that is to be allowed) and asks the policy, or with --live a running ' +
        'gateway. Live, one request a case is sent, without body or credentials, and only with methods that change nothing.\n' +
        'Exit code 0: all as expected, 1: not, or the policy or the cases do not check, 2: unreadable.',
    )
    .argument('<cases...>', 'files of cases')
    .addOption(policyOption())
    .option(
      '--live <proxy>',
      'a gateway: http://HOST (ports from the policy) or http://HOST:PORT (one workload)',
      parseProxy,
    )
    .option('--at <date>', 'expiry as of this day, where a case names none (default: now)', parseDate)
    .addOption(format)
    .addOption(json)
    .addHelpText(
      'after',
      `
A file of cases:
  version: 1
  cases:
    - workload: web-search
      url: https://api.your-approved-service.com/status
      expect: allowed
    - workload: web-search
      method: POST
      url: http://plain.example.org/public/form
      expect: denied
      reason: method

Examples:
  $ mcp-egress test egress-cases.yaml
  $ mcp-egress test egress-cases.yaml --live http://127.0.0.1        # beside: mcp-egress run
  $ mcp-egress test egress-cases.yaml --format markdown              # for a pull request`,
    )
    .action(async (files: string[], options: TestOptions) => {
      const { testPolicy } = await import('../test-policy.js');
      process.exitCode = await testPolicy(files, options);
    });
}

function parseProxy(text: string): NonNullable<TestOptions['live']> {
  const [, host, port] = /^http:\/\/(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?\/?$/i.exec(text) ?? [];
  if (host === undefined || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535)
    throw new InvalidArgumentError('Write http://HOST or http://HOST:PORT.');
  return { host: host.replace(/^\[|\]$/g, ''), ...(port !== undefined && { port: Number(port) }) };
}
