import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A server to which no connection comes about, on every address: `deaf_server.py`. */
export async function startDeafServer(port: number): Promise<{ close(): Promise<void> }> {
  const child = spawn('python3', [join(__dirname, 'deaf_server.py'), String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ready = once(child.stdout, 'data');
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the deaf server ended: ${code}`)));
  ended.catch(() => undefined);
  await Promise.race([ready, ended]);
  return {
    close: async () => {
      child.stdin.end();
      await ended.catch(() => undefined);
    },
  };
}
