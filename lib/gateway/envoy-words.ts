// `[2026-01-31 12:00:00.123][4711][critical][main] [source/server/server.cc:76] message`
const LINE = /^\[[^\]]*\]\[\d+\]\[(\w+)\]\[[^\]]*\] (?:\[[^\]]*:\d+\] )?(.*)$/;
const SERIOUS: readonly string[] = ['warning', 'error', 'critical'];
// Said at every start or stop, and nothing that a reader could act on.
const NOISE = [
  /There is no configured limit to the number of allowed active downstream connections/,
  /marked as work-in-progress/,
  /caught ENVOY_SIGTERM/,
];

/**
 * Command-line options for the log that {@link envoyWords} reads. The logger `misc` repeats for every address range that its
 * message is a work in progress, thousands of times in a large configuration. It also warns of unknown fields, but those are
 * refused here anyway.
 */
export const LOG_ARGUMENTS: readonly string[] = ['--log-level', 'warning', '--component-log-level', 'misc:error'];

/**
 * What Envoy has to say, out of its log on standard error: warnings and worse, without time, thread and source place, each
 * once. Lines in no known form (a loader's error, say) are kept as they are.
 * @param limit how many of the last ones are kept; default 10
 */
export function envoyWords(lines: readonly string[], limit = 10): string[] {
  const words: string[] = [];
  let keep = true;
  for (const line of lines) {
    const match = LINE.exec(line);
    if (match) keep = SERIOUS.includes(match[1] ?? '') && !NOISE.some((noise) => noise.test(line));
    // A line that does not begin as a log line goes on with the one before it.
    if (keep) words.push((match?.[2] ?? line).replace(/\s+/g, ' ').trim());
  }
  return [...new Set(words)].filter((word) => word !== '').slice(-limit);
}
