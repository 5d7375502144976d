import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer } from './peer';
import { versionOf } from './version-of';

const PORT = 3128;

/** Squid: CONNECT and HTTP, the allowlist as `dstdomain` from a file. */
export const squid: Peer = {
  name: 'Squid',
  how: 'CONNECT to 443 and HTTP to 80, `dstdomain` from a file, no cache, access log to a file; does not look into tunnels',
  version: () => versionOf('squid', '-v'),
  prepare: (folder, hosts) => {
    const list = join(folder, 'hosts');
    writeFileSync(list, `${hosts.join('\n')}\n`);
    const file = join(folder, 'squid.conf');
    const lines = [
      `http_port 127.0.0.1:${PORT}`,
      `acl allowed dstdomain "${list}"`,
      'acl https port 443',
      'acl http port 80',
      'acl CONNECT method CONNECT',
      'http_access allow CONNECT https allowed',
      'http_access allow !CONNECT http allowed',
      'http_access deny all',
      'cache deny all',
      'cache_mem 0 MB',
      'memory_pools off',
      'dns_nameservers 127.0.0.53',
      `access_log stdio:${join(folder, 'access.log')}`,
      `cache_log ${join(folder, 'cache.log')}`,
      `pid_filename ${join(folder, 'squid.pid')}`,
      `coredump_dir ${folder}`,
      'shutdown_lifetime 0 seconds',
      'visible_hostname bench',
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    return {
      command: ['squid', '-N', '-f', file],
      way: { kind: 'connect', port: PORT },
      reload: (next, pid) => {
        writeFileSync(list, `${next.join('\n')}\n`);
        process.kill(pid, 'SIGHUP');
        return Promise.resolve();
      },
    };
  },
};
