/** Texts that a client can put into an authority or a server name, for readers of logs to survive. */
export const HOSTILE: readonly string[] = [
  '\u001b[2J\u001b[31mowned\u001b[0m:443',
  '\u001b]8;;http://evil.test\u0007link\u001b]8;;\u0007:443',
  '<script>alert(1)</script>:443',
  '<img src=x onerror=alert(1)>.test:443',
  '](javascript:alert(1)) `code` | pipe:443',
  '```\n# heading\n```:443',
  'evil.test: }, { host: other.test:443',
  'evil.test\n      - host: injected.test:443',
  '"quoted" # comment:443',
  '*.evil.test:443',
  '&anchor *alias !!js/function:443',
  'safe.test\u202etset.live:443',
  'evil.test\u0000.allowed.test:443',
  'a,b.test:443',
  '{workload}:443',
  `${'a'.repeat(300)}.test:443`,
];

/** One line of the gateway's log. */
export function line(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    time: '2026-11-20T12:00:00.000Z',
    layer: 'request',
    id: '1',
    workload: 'web-search',
    decision: 'denied',
    reason: 'no_rule',
    method: 'CONNECT',
    authority: 'api.example.com:443',
    status: 403,
    ...fields,
  });
}
