import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';

/** Whether the tests run in a user and network namespace of their own: every port and every address is theirs, and nothing can leave. */
export const inNamespace = process.env.MCP_EGRESS_NAMESPACE === '1';

/** `describe` for what needs a namespace; elsewhere it is skipped and the reason recorded for the run's last lines. */
export function describeInNamespace(name: string, tests: () => void): void {
  if (inNamespace) return describe(name, tests);
  const file = process.env.MCP_EGRESS_SKIPS;
  const why = process.env.MCP_EGRESS_NO_NAMESPACE ?? 'not started inside one';
  const reason = `needs a network namespace of its own (${why})`;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ group: name, reason })}\n`);
  describe.skip(`${name} (${reason})`, tests);
}

describeInNamespace.each =
  <T extends readonly [string, ...unknown[]]>(rows: readonly T[]) =>
  (name: string, tests: (...row: T) => void): void => {
    for (const row of rows) describeInNamespace(name.replace('%s', row[0]), () => tests(...row));
  };

/**
 * Makes every address of both families one of this machine's own (Linux "AnyIP": a local route for the whole range), so that whatever
 * address a request is sent to, it arrives at the bench's servers and is counted there. Link-local IPv6 and multicast stay out.
 */
export function ownEveryAddress(): void {
  if (!inNamespace) throw new Error('only in a namespace of our own');
  for (const args of [
    ['-4', 'route', 'replace', 'local', '0.0.0.0/0', 'dev', 'lo'],
    ['-6', 'route', 'replace', 'local', '::/0', 'dev', 'lo'],
  ]) {
    execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  }
}
