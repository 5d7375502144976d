import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer } from './peer';
import { versionOf } from './version-of';

const PORT = 8888;
const patterns = (hosts: readonly string[]): string =>
  hosts.map((host) => `^${host.replaceAll('.', '\\.')}$\n`).join('');

/** tinyproxy: CONNECT and HTTP, the allowlist as a file of regular expressions, which it reads from the top. */
export const tinyproxy: Peer = {
  name: 'tinyproxy',
  how: 'CONNECT and HTTP, a filter file of regular expressions with default deny, log level Connect; does not look into tunnels',
  version: () => versionOf('tinyproxy', '-v'),
  prepare: (folder, hosts) => {
    const filter = join(folder, 'filter');
    writeFileSync(filter, patterns(hosts));
    const file = join(folder, 'tinyproxy.conf');
    const lines = [
      `Port ${PORT}`,
      'Listen 127.0.0.1',
      'Timeout 60',
      'MaxClients 200',
      'ConnectPort 443',
      'FilterDefaultDeny Yes',
      'FilterType ere',
      `Filter "${filter}"`,
      `LogFile "${join(folder, 'tinyproxy.log')}"`,
      'LogLevel Connect',
      'DisableViaHeader Yes',
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    return {
      command: ['tinyproxy', '-d', '-c', file],
      way: { kind: 'connect', port: PORT },
      reload: (next, pid) => {
        writeFileSync(filter, patterns(next));
        process.kill(pid, 'SIGUSR1');
        return Promise.resolve();
      },
    };
  },
};
