import { EgressPolicy } from '../../../../lib/policy/policy';
import type { Limits, Mode } from '../../../../lib/policy/types';

/** A policy with one rule of each kind, on two workloads. */
export const COMPLETE = `version: 1
groups:
  shared: [{ host: shared.example.net }]
workloads:
  web:
    port: 10000
    allow:
      - { hosts: ['*.example.com', api.example.org], owner: team, reason: an API }
      - { group: shared, expires: 2030-06-30 }
      - { host: plain.example.org, protocol: http, ports: [80, 8080], methods: [GET, HEAD], paths: [/public/, /one] }
      - { host: db.example.net, protocol: tcp, ports: [5432], reason: a database }
      - { host: inside.example.net, private: [10.0.0.0/8, 'fd12::/16'] }
      - { hosts: [10.0.0.7, 'fd12::7'], private: [10.0.0.0/8, 'fd12::/16'] }
      - { host: fixed.example.net, address: '93.184.215.14:8443' }
    limits: { requestsPerSecond: 50, connections: 200, tunnelMinutes: 60, uploadKilobytesPerSecond: 2048 }
  local:
    port: 10001
    allow:
      - { host: model.example.net, protocol: http, ports: [11434], private: [172.16.0.0/12] }
`;

export interface Shape {
  readonly mode?: Mode;
  readonly limits?: Limits;
  readonly name?: string;
  readonly port?: number;
}

/** A policy of one workload, `web` on port 10000 unless told otherwise. */
export function policyOf(
  allow: readonly object[],
  { mode, limits, name = 'web', port = 10000 }: Shape = {},
): EgressPolicy {
  return EgressPolicy.fromObject({ version: 1, mode, workloads: { [name]: { port, allow, limits } } });
}

/** {@link COMPLETE} in a mode. */
export function complete(mode: Mode = 'enforce'): EgressPolicy {
  return EgressPolicy.fromYaml(COMPLETE.replace('\n', `\nmode: ${mode}\n`));
}

/** One rule of each protocol. */
export const TLS = { host: 'a.example.com' };
export const HTTP = { host: 'b.example.com', protocol: 'http' };
export const TCP = { host: 'c.example.com', protocol: 'tcp', ports: [5432], reason: 'test' };

/** The ways out through a guard: for people, how the route's name begins, and a rule. */
export const WAYS = [
  ['tls', 'tls/', TLS],
  ['http, in a tunnel', 'http/', HTTP],
  ['http, absolute form', 'forward/', HTTP],
  ['tcp', 'forward/', TCP],
] as const;
