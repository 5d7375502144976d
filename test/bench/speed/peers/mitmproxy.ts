import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer } from './peer';
import { versionOf } from './version-of';

const PORT = 8083;
const ADDON = `import os
from mitmproxy import http

HOSTS = set(open(os.environ["ALLOWED"]).read().split())


class Allow:
    def refuse(self, flow):
        if flow.request.pretty_host not in HOSTS:
            flow.response = http.Response.make(403)

    def http_connect(self, flow):
        self.refuse(flow)

    def request(self, flow):
        self.refuse(flow)


addons = [Allow()]
`;

/** mitmproxy with an add-on of ours for the list; TLS is passed through, not intercepted. */
export function mitmproxy(mitmdump: string | undefined): Peer {
  return {
    name: 'mitmproxy',
    how: 'CONNECT and HTTP, a set of names in an add-on, TLS passed through and not intercepted, a line a flow to standard output',
    version: () => (mitmdump === undefined ? undefined : versionOf(mitmdump, '--version')),
    prepare: (folder, hosts) => {
      const list = join(folder, 'hosts');
      writeFileSync(list, `${hosts.join('\n')}\n`);
      writeFileSync(join(folder, 'allow.py'), ADDON);
      const options = ['--mode', 'regular', '--listen-host', '127.0.0.1', '--listen-port', String(PORT)];
      options.push('--set', `confdir=${folder}`, '--ignore-hosts', '^(?!.*:80$).*$', '-s', join(folder, 'allow.py'));
      return {
        command: ['env', `ALLOWED=${list}`, mitmdump ?? 'mitmdump', ...options],
        way: { kind: 'connect', port: PORT },
      };
    },
  };
}
