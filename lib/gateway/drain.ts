import { setTimeout as delay } from 'node:timers/promises';
import { askAdmin, readStats } from './admin';

const POLL_MS = 50;
/** Looks in a row that find nothing: a request may just have been on its way. */
const QUIET_LOOKS = 3;
/** Requests, open tunnels among them, and bytes of answers that are not sent yet; the guards' own ones lie inside of these. */
const UNDER_WAY = '^http\\.edge\\..*\\.(downstream_rq_active|downstream_cx_tx_bytes_buffered)$';

/**
 * Has Envoy accept no new connection, on no port, and waits until the requests that are under way have ended. Open connections without a
 * request get `Connection: close` with their next answer, and are not waited for.
 * @param admin path of the admin socket
 * @returns requests and tunnels that were still open after `withinMs`
 */
export async function drain(admin: string, withinMs: number): Promise<number> {
  const end = Date.now() + withinMs;
  await askAdmin(admin, '/drain_listeners?graceful&skip_exit', 'POST');
  await askAdmin(admin, '/drain_listeners', 'POST');
  for (let quiet = 0; ;) {
    const { requests, bytes } = await underWay(admin);
    quiet = requests + bytes > 0 ? 0 : quiet + 1;
    if (quiet === QUIET_LOOKS || Date.now() >= end) return requests;
    await delay(POLL_MS);
  }
}

async function underWay(admin: string): Promise<{ requests: number; bytes: number }> {
  const found = { requests: 0, bytes: 0 };
  for (const [name, value] of await readStats(admin, UNDER_WAY)) {
    found[name.endsWith('_active') ? 'requests' : 'bytes'] += Number(value);
  }
  return found;
}
