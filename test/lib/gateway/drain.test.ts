import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { drain } from '../../../lib/gateway/drain';
import { temporaryFolder } from './support/fakes';

const root = temporaryFolder();
let socket: string;
let server: Server;
/** Requests under way and bytes unsent, look by look; the last pair stays. */
let looks: [number, number][];
let asked: string[];

beforeEach(async () => {
  asked = [];
  socket = join(root, `${expect.getState().currentTestName?.length}.sock`);
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url?.replace(/\?filter=.*/, '')}`);
    if (!request.url?.startsWith('/stats')) return void response.end('OK');
    const [requests = 0, bytes = 0] = (looks.length > 1 ? looks.shift() : looks[0]) ?? [];
    response.end(
      `http.edge.web.10000.downstream_rq_active: ${requests}\nhttp.edge.web.10000.downstream_cx_tx_bytes_buffered: ${bytes}\n`,
    );
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

it('closes the listeners, then waits until nothing is under way, nor unsent, for a while', async () => {
  looks = [[2, 0], [0, 500], [0, 0], [1, 0], [0, 0]]; // prettier-ignore
  expect(await drain(socket, 20_000)).toBe(0);
  expect(asked).toEqual([
    'POST /drain_listeners?graceful&skip_exit',
    'POST /drain_listeners',
    ...Array(7).fill('GET /stats'),
  ]);
});

it('says what is under way when the time is over', async () => {
  looks = [[3, 0]];
  expect(await drain(socket, 1)).toBe(3);
});

it('rejects where nobody listens', async () => {
  await expect(drain(join(root, 'none.sock'), 1000)).rejects.toThrow('ENOENT');
});
