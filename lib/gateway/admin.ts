import { request } from 'node:http';

/** What Envoy's admin interface answered. */
export interface AdminAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Asks Envoy's admin interface over its unix socket.
 * @param path such as `/ready` or `/stats?filter=lds`
 * @param timeoutMs default 5,000
 * @throws the system's error where nobody listens on the socket
 */
export function askAdmin(socketPath: string, path: string, method = 'GET', timeoutMs = 5000): Promise<AdminAnswer> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path, method, agent: false, timeout: timeoutMs }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    call.on('timeout', () => call.destroy(new Error(`Envoy's admin interface gave no answer in ${timeoutMs} ms`)));
    call.on('error', reject);
    call.end();
  });
}

/** Envoy's counters, gauges and text readouts whose names match a regular expression (RE2), by name, as text. */
export async function readStats(
  socketPath: string,
  filter: string,
  timeoutMs?: number,
): Promise<ReadonlyMap<string, string>> {
  const { body } = await askAdmin(socketPath, `/stats?filter=${encodeURIComponent(filter)}`, 'GET', timeoutMs);
  const stats = new Map<string, string>();
  for (const line of body.split('\n')) {
    const colon = line.lastIndexOf(': ');
    if (colon > 0) stats.set(line.slice(0, colon), line.slice(colon + 2).replace(/^"(.*)"$/, '$1'));
  }
  return stats;
}
