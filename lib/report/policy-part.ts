import type { EgressPolicy } from '../policy/policy';
import type { Limits, Rule } from '../policy/types';
import type { PolicyPart, RuleRow } from './model';

const LIMIT_WORDS: Readonly<Record<keyof Limits, string>> = {
  requestsPerSecond: 'requests a second',
  connections: 'connections',
  tunnelMinutes: 'minutes a tunnel',
  uploadKilobytesPerSecond: 'kB a second of upload',
};

/** What a policy lets pass, workload by workload. */
export function policyPart({ files, mode, hash, workloads }: EgressPolicy): PolicyPart {
  return {
    files,
    mode,
    hash,
    workloads: workloads.map(({ name, port, limits }) => ({ name, port, limits: limitWords(limits) })),
    rules: workloads.flatMap(({ rules }) => rules.map(ruleRow)),
  };
}

function ruleRow(rule: Rule): RuleRow {
  const { id, workload, hosts, ports, protocol, expires, owner, reason, group, preset, source } = rule;
  const from = preset === undefined ? (group === undefined ? undefined : `group ${group}`) : `preset ${preset}`;
  return {
    id,
    workload,
    hosts,
    ports,
    protocol,
    narrowed: narrowedTo(rule),
    ...(expires !== undefined && { expires }),
    ...(owner !== undefined && { owner }),
    ...(reason !== undefined && { reason }),
    ...(from !== undefined && { from }),
    place: `${source.file}:${source.line}`,
  };
}

function narrowedTo({ methods, paths, private: ranges, address }: Rule): string[] {
  return [
    ...(methods ? [methods.join(', ')] : []),
    ...(paths ? [`paths ${paths.join(', ')}`] : []),
    ...(ranges ? [`addresses ${ranges.join(', ')}`] : []),
    ...(address ? [`dialled at ${address.ip.includes(':') ? `[${address.ip}]` : address.ip}:${address.port}`] : []),
  ];
}

function limitWords(limits: Limits): string[] {
  const names = Object.keys(LIMIT_WORDS) as (keyof Limits)[];
  return names.flatMap((name) => (limits[name] === undefined ? [] : [`${limits[name]} ${LIMIT_WORDS[name]}`]));
}
