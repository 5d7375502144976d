import { appendFileSync } from 'node:fs';

/** `describe` for what needs a browser; elsewhere it is skipped and the reason recorded for the run's last lines. */
export function describeBrowser(name: string, tests: () => void): void {
  const { CHROMIUM_BIN, MCP_EGRESS_NO_BROWSER } = process.env;
  const why = MCP_EGRESS_NO_BROWSER ?? (CHROMIUM_BIN ? undefined : 'not started by npm test');
  if (why === undefined) return describe(name, tests);
  const reason = `needs Chromium (${why})`;
  const file = process.env.MCP_EGRESS_SKIPS;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ group: name, reason })}\n`);
  describe.skip(`${name} (${reason})`, tests);
}
