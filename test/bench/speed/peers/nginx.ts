import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ORIGIN } from '../target';
import type { Peer } from './peer';
import { versionOf } from './version-of';

const [TLS, HTTP] = [9443, 8082];
/** Debian keeps the stream module apart. */
const STREAM = '/usr/lib/nginx/modules/ngx_stream_module.so';

const list = (hosts: readonly string[], target: string): string => hosts.map((host) => `${host} ${target};\n`).join('');

/** nginx: `ssl_preread` and a map of names; plain HTTP by its Host. */
export const nginx: Peer = {
  name: 'nginx',
  how: 'server name by `ssl_preread` against a map, TLS passed on to a fixed address; plain HTTP by Host; access logs to files, two workers',
  version: () => (existsSync(STREAM) ? versionOf('nginx', '-v') : undefined),
  prepare: (folder, hosts) => {
    const [tls, http] = [join(folder, 'tls.map'), join(folder, 'http.map')];
    const write = (names: readonly string[]): void => {
      writeFileSync(tls, list(names, `${ORIGIN}:443`));
      writeFileSync(http, list(names, '1'));
    };
    write(hosts);
    const buckets = `map_hash_max_size ${Math.max(4096, hosts.length * 2)}; map_hash_bucket_size 128;`;
    const file = join(folder, 'nginx.conf');
    writeFileSync(
      file,
      `load_module ${STREAM};
user root; daemon off; worker_processes 2; pid ${join(folder, 'nginx.pid')}; error_log ${join(folder, 'error.log')};
events { worker_connections 4096; }
stream {
  ${buckets}
  map $ssl_preread_server_name $target { include ${tls}; default 127.0.0.1:9; }
  log_format basic '$time_iso8601 $ssl_preread_server_name $status $bytes_sent $bytes_received $session_time';
  access_log ${join(folder, 'tls.log')} basic;
  server { listen 127.0.0.1:${TLS} backlog=4096; ssl_preread on; proxy_pass $target; }
}
http {
  ${buckets}
  map $host $known { include ${http}; default 0; }
  access_log ${join(folder, 'http.log')};
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  upstream origin { server ${ORIGIN}:80; keepalive 64; }
  server {
    listen 127.0.0.1:${HTTP} backlog=4096; keepalive_requests 1000000;
    if ($known = 0) { return 403; }
    location / { proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host $host; }
  }
}
`,
    );
    return {
      command: ['nginx', '-p', folder, '-c', file, '-e', join(folder, 'error.log')],
      way: { kind: 'sni', port: TLS, httpPort: HTTP },
      reload: (next, pid) => {
        write(next);
        process.kill(pid, 'SIGHUP');
        return Promise.resolve();
      },
    };
  },
};
