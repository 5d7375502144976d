import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ORIGIN } from '../target';
import type { Peer } from './peer';
import { versionOf } from './version-of';

const [TLS, HTTP] = [8443, 8081];

/** HAProxy: reads the server name and passes TLS on; plain HTTP by its Host. */
export const haproxy: Peer = {
  name: 'HAProxy',
  how: 'server name from the ClientHello against a list, TLS passed on to a fixed address; plain HTTP by Host; log to standard output',
  version: () => versionOf('haproxy', '-v'),
  prepare: (folder, hosts) => {
    const list = join(folder, 'hosts');
    writeFileSync(list, `${hosts.join('\n')}\n`);
    const file = join(folder, 'haproxy.cfg');
    const lines = [
      'global',
      '  log stdout format raw local0',
      '  nbthread 2',
      'defaults',
      '  log global',
      '  timeout connect 5s',
      '  timeout client 60s',
      '  timeout server 60s',
      'frontend tls',
      `  bind 127.0.0.1:${TLS}`,
      '  mode tcp',
      '  option tcplog',
      '  tcp-request inspect-delay 5s',
      `  tcp-request content accept if { req.ssl_sni -i -f ${list} }`,
      '  tcp-request content reject if { req.ssl_hello_type 1 }',
      '  default_backend tls',
      'backend tls',
      '  mode tcp',
      `  server origin ${ORIGIN}:443`,
      'frontend http',
      `  bind 127.0.0.1:${HTTP}`,
      '  mode http',
      '  option httplog',
      `  http-request deny unless { req.hdr(host) -i -f ${list} }`,
      '  default_backend http',
      'backend http',
      '  mode http',
      `  server origin ${ORIGIN}:80`,
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    return {
      command: ['haproxy', '-W', '-f', file],
      way: { kind: 'sni', port: TLS, httpPort: HTTP },
      reload: (next, pid) => {
        writeFileSync(list, `${next.join('\n')}\n`);
        process.kill(pid, 'SIGUSR2');
        return Promise.resolve();
      },
    };
  },
};
