import { createServer, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';
import { askAdmin, readStats } from '../../../lib/gateway/admin';
import { failure, temporaryFolder } from './support/fakes';

const socket = join(temporaryFolder(), 'admin.sock');
let server: Server;

async function serve(listener: RequestListener): Promise<void> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
}

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('askAdmin', () => {
  it('gives status and body', async () => {
    await serve((request, response) => response.writeHead(503).end(`${request.method} ${request.url}`));
    expect(await askAdmin(socket, '/healthcheck/fail', 'POST')).toEqual({
      status: 503,
      body: 'POST /healthcheck/fail',
    });
  });

  it('gives up where nothing comes', async () => {
    await serve(() => undefined);
    expect((await failure(askAdmin(socket, '/ready', 'GET', 50))).message).toBe(
      "Envoy's admin interface gave no answer in 50 ms",
    );
  });

  it('says that nobody listens', async () => {
    await serve(() => undefined);
    expect(await failure(askAdmin(`${socket}.other`, '/ready'))).toMatchObject({ code: 'ENOENT' });
  });
});

describe('readStats', () => {
  it('reads counters and texts by name, and passes the filter on', async () => {
    let asked = '';
    await serve((request, response) => {
      asked = decodeURIComponent(request.url ?? '');
      response.end('listener_manager.lds.version_text: "5a61"\nlistener_manager.lds.update_rejected: 2\n\n');
    });
    expect(await readStats(socket, '(lds|cds)$')).toEqual(
      new Map([
        ['listener_manager.lds.version_text', '5a61'],
        ['listener_manager.lds.update_rejected', '2'],
      ]),
    );
    expect(asked).toBe('/stats?filter=(lds|cds)$');
  });
});
