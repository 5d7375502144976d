import { bracketHost } from './hosts';
import type { EgressPolicy } from './policy';
import type { PolicyFile } from './schema';
import type { Rule, Workload } from './types';

/**
 * The plain form of a policy, groups written out: `EgressPolicy.fromObject(toObject(policy))` has the same hash. For programs
 * that change a policy in memory.
 */
export function toObject(policy: EgressPolicy): PolicyFile {
  const workloads = Object.fromEntries(policy.workloads.map((workload) => [workload.name, plainWorkload(workload)]));
  return { version: 1, mode: policy.mode, workloads };
}

function plainWorkload({ port, rules, limits }: Workload): NonNullable<PolicyFile['workloads']>[string] {
  return { port, allow: rules.map(plainRule), limits: { ...limits } };
}

function plainRule(rule: Rule): Record<string, unknown> & { hosts: string[] } {
  const { hosts, ports, protocol, address } = rule;
  return {
    hosts: [...hosts],
    ports: [...ports],
    protocol,
    ...(rule.methods && { methods: [...rule.methods] }),
    ...(rule.paths && { paths: [...rule.paths] }),
    ...(rule.private && { private: [...rule.private] }),
    ...(address && { address: `${bracketHost(address.ip)}:${address.port}` }),
    ...(rule.expires !== undefined && { expires: rule.expires }),
    ...(rule.owner !== undefined && { owner: rule.owner }),
    ...(rule.reason !== undefined && { reason: rule.reason }),
  };
}
