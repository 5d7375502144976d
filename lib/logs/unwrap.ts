/**
 * What stands in front of a line of the gateway where its output went through something else: nothing, `service  | ` (Docker Compose), a
 * time (`docker logs -t`), or a time and a stream (`aws logs tail`).
 */
const PREFIX = /^(?:[\w.-]+\s+\| )?(?:\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) (?:[\w./-]+ )?)?(?=\{)/;

/** An event of CloudWatch Logs as its API and exports have it: `{"timestamp":…,"message":"{…}"}`. */
const EVENT = /"message"\s*:/;

/** The line as the gateway wrote it. Anything else comes back as it is: it does not begin with `{` then, or is no decision. */
export function unwrapLine(line: string): string {
  const bare = line.replace(PREFIX, '');
  if (!bare.startsWith('{') || !EVENT.test(bare)) return bare;
  try {
    const { message } = JSON.parse(bare) as { message?: unknown };
    return typeof message === 'string' ? message : bare;
  } catch {
    return bare;
  }
}
