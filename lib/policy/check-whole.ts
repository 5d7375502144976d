import { contains, overlaps } from './cidr';
import type { Draft } from './draft';
import { formatSource, type PolicyProblem, type ProblemCode } from './errors';
import { DEFAULT_HEALTH_PORT } from './ports';
import { quote } from './quote';
import { LOOPBACK_RANGES } from './ranges';
import { kindOf } from './rule';
import type { Rule, Source, Workload } from './types';

/** Checks what lies between the rules and workloads of a whole policy, one file or several. */
export function checkWhole(draft: Pick<Draft, 'workloads'>): PolicyProblem[] {
  return [
    ...checkListeners(draft.workloads),
    ...draft.workloads.flatMap(checkKinds),
    ...checkGatewayPorts(draft.workloads, LOOPBACK_RANGES, DEFAULT_HEALTH_PORT),
  ];
}

/**
 * Rules with `private` or `address` that lead back to the gateway's own listeners: through them a workload would reach the
 * gate of another workload.
 * @param addresses Networks in CIDR form, or addresses, at which the gateway itself is reached.
 */
export function checkGatewayPorts(
  workloads: readonly Workload[],
  addresses: readonly string[],
  healthPort: number,
): PolicyProblem[] {
  const owners = new Map<number, string>([
    [healthPort, 'the health endpoint'],
    ...workloads.map(({ name, port }) => [port, `workload ${quote(name)}`] as const),
  ]);
  return workloads.flatMap(({ rules }) =>
    rules.flatMap((rule) => {
      const reached = addresses.filter((address) => reaches(rule, address));
      if (reached.length === 0) return [];
      const ports = rule.address ? [rule.address.port] : rule.ports;
      return ports
        .filter((port) => owners.has(port))
        .map((port) =>
          problem(
            'gateway_port',
            rule.source,
            `rule ${quote(rule.id)} reaches port ${port} at ${reached.join(', ')}, where the gateway itself listens (${owners.get(port)}); write another port, or a \`private\` without these addresses`,
          ),
        );
    }),
  );
}

function reaches(rule: Rule, address: string): boolean {
  if (rule.address) return contains(address, rule.address.ip);
  return rule.private?.some((range) => overlaps(range, address)) ?? false;
}

function checkListeners(workloads: readonly Workload[]): PolicyProblem[] {
  const taken = new Map<number, Workload>();
  return workloads.flatMap((workload) => {
    const { name, port, source } = workload;
    if (port === DEFAULT_HEALTH_PORT) {
      return [
        problem(
          'port_taken',
          source,
          `workload ${quote(name)} has port ${port}, which is the gateway's health endpoint; write another port from 1024 to 65535`,
        ),
      ];
    }
    const other = taken.get(port);
    taken.set(port, other ?? workload);
    if (other === undefined || port === 0) return []; // 0: a missing port, reported with the shape
    return [
      problem(
        'port_taken',
        source,
        `workload ${quote(name)} has port ${port}, which workload ${quote(other.name)} has at ${formatSource(other.source)}; the port is the workload's identity: write another one`,
      ),
    ];
  });
}

/** Of two rules with one host and one port, both must be of one kind: the gateway cannot know which was meant. */
function checkKinds({ rules }: Workload): PolicyProblem[] {
  const byHost = new Map<string, Rule[]>();
  const problems: PolicyProblem[] = [];
  for (const rule of rules) {
    const reported = new Set<Rule>();
    for (const host of rule.hosts) {
      const before = byHost.get(host);
      if (before === undefined) {
        byHost.set(host, [rule]);
        continue;
      }
      for (const other of before) {
        const port = rule.ports.find((candidate) => other.ports.includes(candidate));
        if (port === undefined || reported.has(other) || kindOf(rule) === kindOf(other)) continue;
        reported.add(other);
        problems.push(conflict(rule, other, host, port));
      }
      before.push(rule);
    }
  }
  return problems;
}

function conflict(rule: Rule, other: Rule, host: string, port: number): PolicyProblem {
  const differing = [
    rule.protocol === other.protocol ? [] : [`protocol ${rule.protocol} and ${other.protocol}`],
    same(rule.private, other.private) ? [] : ['`private`'],
    same(rule.address, other.address) ? [] : ['`address`'],
  ].flat();
  return problem(
    'conflicting_rules',
    rule.source,
    `host ${quote(host)} on port ${port} stands also in the rule at ${formatSource(other.source)}, and the two differ in ${differing.join(' and ')}; write one kind of rule for one host and port`,
  );
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function problem(code: ProblemCode, { file, line, column }: Source, message: string): PolicyProblem {
  return { code, file, line, column, message };
}
