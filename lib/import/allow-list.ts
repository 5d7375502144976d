import { readHost } from './endpoint';
import { oneLine } from './one-line';
import type { Endpoint, Suggestion } from './source';

/** An entry of somebody's allowlist. */
export interface Allowed {
  /** A name, `*.` and a name, or `.` and a name (Squid's `dstdomain`: the name and everything below). */
  readonly host: string;
  readonly port: number;
}

/** What an allowlist became. */
export interface ReadAllowed {
  readonly endpoints: readonly Endpoint[];
  readonly suggestions: readonly Suggestion[];
}

/** The allowlist that a source states for one server. What cannot be a rule is told in the notes. */
export function readAllowed(list: readonly Allowed[], name: string, notes: string[]): ReadAllowed {
  const endpoints: Endpoint[] = [];
  const suggestions: Suggestion[] = [];
  for (const { host, port } of list.flatMap(withName)) {
    const reading = readHost(host, port);
    if ('endpoint' in reading) endpoints.push(reading.endpoint);
    else if ('suggestion' in reading) suggestions.push(reading.suggestion);
    else notes.push(`server "${oneLine(name)}": "${oneLine(host)}" of its allowlist was left out: ${reading.why}`);
  }
  const guessed = new Set(endpoints.map(({ port }) => port).filter((port) => port !== 443 && port !== 80));
  for (const port of guessed) {
    notes.push(
      `server "${oneLine(name)}": port ${port} was taken for TLS; write \`protocol: http\` or \`tcp\` where it is not`,
    );
  }
  return { endpoints, suggestions };
}

/** `api.example.com:8443` -> host and port; 443 where no port stands. */
export function splitPort(text: string): Allowed {
  const [, host = text, port] = /^(.*[^:]|\[.*\]):(\d{1,5})$/.exec(text) ?? [];
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: port === undefined ? 443 : Number(port) };
}

function withName({ host, port }: Allowed): Allowed[] {
  if (!host.startsWith('.')) return [{ host, port }];
  return [
    { host: host.slice(1), port },
    { host: `*${host}`, port },
  ];
}
