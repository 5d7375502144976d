import { Unknown } from './value/value';
import { callsOf } from './claims/identity';
import { endpointsOf } from './claims/c4-reachable';
import { serviceOf } from './model/endpoints';
import type { Model } from './model/model';
import type { SecurityGroup } from './model/security-groups';
import type { Reach } from './proof';

/** What each workload can reach by itself, and what it can reach by those that it may call. */
export function reachOf(model: Model): readonly Reach[] {
  const own = new Map<string, Set<string>>();
  const calls = new Map<string, Set<string>>();
  for (const group of model.groups.all) {
    if (group.role !== 'workload') continue;
    const reached = own.get(group.name) ?? new Set<string>();
    own.set(group.name, reached);
    for (const words of ownReach(model, group)) reached.add(words);
    const declared = callsOf(group);
    const called = calls.get(group.name) ?? new Set<string>();
    calls.set(group.name, called);
    if (!(declared instanceof Unknown)) for (const { name } of declared) called.add(name);
  }
  return [...own]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([workload, reached]) => {
      const others = closure(workload, calls);
      const via = [...others].flatMap((name) => [...(own.get(name) ?? [])].map((words) => `${words} (by ${name})`));
      return { workload, own: [...reached].sort(), viaCalls: [...new Set(via)].sort() };
    });
}

function ownReach(model: Model, group: SecurityGroup): string[] {
  const carriers = model.carriers.get(group) ?? [];
  return group.egress.flatMap((rule) => {
    const { peer, from } = rule;
    const endpoints = endpointsOf(model, rule, carriers).map(({ endpoint }) => endpoint);
    const named = endpoints.map((endpoint) => {
      const service = endpoint.type === 'aws_vpc_endpoint' ? serviceOf(model.inventory, endpoint) : undefined;
      return `endpoint ${service?.kind === 'aws' ? service.suffix : endpoint.address}`;
    });
    if (peer.kind !== 'group' || (peer.group.role === 'endpoint' && named.length > 0)) return named;
    const port = typeof from === 'number' ? `:${from}` : '';
    return [...named, `${peer.group.role === 'gateway' ? 'gateway' : peer.group.name}${port}`];
  });
}

/** All that are called, directly or not. */
function closure(start: string, calls: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [...(calls.get(start) ?? [])];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name) || name === start) continue;
    found.add(name);
    waiting.push(...(calls.get(name) ?? []));
  }
  return found;
}
