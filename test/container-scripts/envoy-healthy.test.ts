import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { containerScript } from '../../lib/delivery';

/** The health check of the gateway's container, against a server in the place of Envoy. */
describe('envoy-healthy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'healthy-'));
  let server: Server;
  let status = 200;
  const now = (): number => Math.floor(Date.now() / 1000);

  beforeAll(async () => {
    mkdirSync(join(folder, '.state'));
    server = createServer((_, response) => response.writeHead(status).end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(async () => {
    server.close();
    await once(server, 'close');
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    status = 200;
    rmSync(join(folder, '.state', 'alive'), { force: true });
  });

  async function check(port = (server.address() as AddressInfo).port): Promise<number | null> {
    const env = { PATH: process.env.PATH, HEALTH_PORT: String(port), CONFIG_DIRECTORY: folder };
    const [code] = (await once(
      spawn('bash', ['-c', containerScript('envoy-healthy')], { env, stdio: 'ignore' }),
      'exit',
    )) as [number | null];
    return code;
  }
  const seen = (text: string | number): void => writeFileSync(join(folder, '.state', 'alive'), `${text}\n`);

  it('is content with a 200 and a sidecar that was there lately', async () => {
    seen(now() - 5);
    expect(await check()).toBe(0);
  });

  it('is content before the sidecar has written anything', async () => {
    expect(await check()).toBe(0);
  });

  it.each([503, 404])('is not content with a %i', async (answer) => {
    seen(now());
    status = answer;
    expect(await check()).not.toBe(0);
  });

  it('is not content where nobody listens', async () => {
    expect(await check(1)).not.toBe(0);
  });

  it('is not content when the sidecar has been gone for ten minutes: the task would serve an old policy for ever', async () => {
    seen(now() - 601);
    expect(await check()).not.toBe(0);
  });

  it('takes a file that is just being written for a sign of life', async () => {
    writeFileSync(join(folder, '.state', 'alive'), '');
    expect(await check()).toBe(0);
  });
});
