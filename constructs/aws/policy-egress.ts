import type { EgressPolicy, Rule } from '../../lib/policy';
import { isIPv6 } from 'node:net';
import type { Range } from './connections';

/** A way out that the gateway's group needs. */
export interface EgressOpening {
  readonly range: Range;
  readonly port: number;
  /** For the construct id. */
  readonly name: string;
  readonly description: string;
}

const PUBLIC: Range = { cidrIpv4: '0.0.0.0/0' };

/**
 * What the gateway's security group has to let out for a policy: the ports of its rules, to anywhere where hosts are public, else to the
 * networks that `private` or `address` name. Which hosts these are is Envoy's to see.
 *
 * @param extraPublicPorts ports that are open for another reason, such as pulling an image
 */
export function policyEgress(policy: EgressPolicy, extraPublicPorts: readonly number[] = []): EgressOpening[] {
  const rules = policy.workloads.flatMap((workload) => workload.rules);
  // What would be refused passes in mode observe, and nearly all of it goes to these two.
  const observed = policy.mode === 'observe' ? [80, 443] : [];
  const ports = new Set([...rules.flatMap(publicPorts), ...observed, ...extraPublicPorts]);
  const open = [...ports].sort((a, b) => a - b).map((port) => publicOpening(port));
  const narrow = rules.flatMap(privateOpenings).filter(({ port, range }) => !(ports.has(port) && 'cidrIpv4' in range));
  const unique = new Map(narrow.map((opening) => [JSON.stringify([opening.range, opening.port]), opening]));
  return [...open, ...[...unique.values()].sort(byRangeAndPort)];
}

function byRangeAndPort(a: EgressOpening, b: EgressOpening): number {
  const [one, other] = [JSON.stringify(a.range), JSON.stringify(b.range)];
  return one === other ? a.port - b.port : one < other ? -1 : 1;
}

function publicOpening(port: number): EgressOpening {
  return { range: PUBLIC, port, name: 'public', description: `gateway to allowed hosts on port ${port}` };
}

function publicPorts(rule: Rule): readonly number[] {
  if (rule.private !== undefined) return [];
  return rule.address ? [rule.address.port] : rule.ports;
}

function privateOpenings(rule: Rule): EgressOpening[] {
  if (rule.private === undefined) return [];
  const ports = rule.address ? [rule.address.port] : rule.ports;
  const networks = rule.address ? [hostCidr(rule.address.ip)] : rule.private;
  return networks.flatMap((cidr) => ports.map((port) => privateOpening(cidr, port)));
}

function privateOpening(cidr: string, port: number): EgressOpening {
  const range: Range = cidr.includes(':') ? { cidrIpv6: cidr } : { cidrIpv4: cidr };
  const name = cidr.replace(/[^0-9a-f]+/g, '-');
  return { range, port, name, description: `gateway to ${cidr} on port ${port} (private rule)` };
}

function hostCidr(ip: string): string {
  return isIPv6(ip) ? `${ip}/128` : `${ip}/32`;
}
