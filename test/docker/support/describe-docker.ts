import { appendFileSync } from 'node:fs';

/** `describe` for what needs a Docker engine; elsewhere it is skipped and the reason recorded for the run's last lines. */
export function describeDocker(name: string, tests: () => void): void {
  const why =
    process.env.MCP_EGRESS_NO_DOCKER ??
    (process.env.MCP_EGRESS_NAMESPACE === '1' && process.getuid?.() === 0 ? undefined : 'not started by npm test');
  if (why === undefined) return describe(name, tests);
  const reason = `needs a Docker engine of its own (${why})`;
  const file = process.env.MCP_EGRESS_SKIPS;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ group: name, reason })}\n`);
  describe.skip(`${name} (${reason})`, tests);
}
