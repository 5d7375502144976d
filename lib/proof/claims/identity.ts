import { Unknown } from '../value/value';
import type { Device } from '../model/devices';
import type { Rule, SecurityGroup } from '../model/security-groups';

/** A workload that another one may call. */
export interface Call {
  readonly name: string;
  readonly port: number;
}

/** Who a device is to the gateway. */
export interface Identity {
  /** The workloads whose groups it carries; one, where all is well. */
  readonly names: readonly string[];
  /** Its port on the gateway; undefined where no tag says it. */
  readonly port: number | Unknown | undefined;
  readonly calls: readonly Call[] | Unknown;
}

/** Reads the tags of a device's workload groups. */
export function identityOf(device: Device): Identity {
  const groups = device.groups.filter(({ role }) => role === 'workload');
  const calls = groups.map((group) => callsOf(group));
  return {
    names: [...new Set(groups.map(({ name }) => name))],
    port: groups.map(({ port }) => port).find((port) => port !== undefined),
    calls:
      calls.find((each) => each instanceof Unknown) ?? calls.flatMap((each) => (each instanceof Unknown ? [] : each)),
  };
}

/** `name:port/name:port`, as the tag `mcp-egress:calls` holds it. */
export function callsOf({ calls }: SecurityGroup): readonly Call[] | Unknown {
  if (calls === undefined || calls === '') return [];
  if (calls instanceof Unknown) return calls;
  const entries = calls.split('/').map((entry) => /^(.+):(\d{1,5})$/.exec(entry.trim()));
  if (entries.some((entry) => entry === null))
    return new Unknown(JSON.stringify(calls), 'is not a list of name:port with "/" between them');
  return entries.map((entry) => ({ name: entry?.[1] ?? '', port: Number(entry?.[2]) }));
}

/** The single ports on which a device's rules lead to a group, each once. */
export function portsOf(device: Device, target: SecurityGroup): readonly number[] {
  const rules = device.groups.flatMap(({ egress }) => egress);
  const ports = rules
    .filter(({ peer }) => peer.kind === 'group' && peer.group === target)
    .map(({ from, to }) => (typeof from === 'number' && from === to ? from : undefined));
  const known = [...new Set(ports)].filter((port) => port !== undefined);
  return known.length === 1 ? known : [];
}

/** The ports of a rule in words. */
export function portWords({ protocol, from, to }: Rule): string {
  if (protocol instanceof Unknown || from instanceof Unknown || to instanceof Unknown)
    return 'ports that are not known';
  if (protocol === '-1') return 'every port of every protocol';
  const name = protocol.toUpperCase();
  if (from === undefined || to === undefined) return `every port of ${name}`;
  return from === to ? `${name} port ${from}` : `${name} ports ${from} to ${to}`;
}
