import { oneLine } from './one-line';
import type { Endpoint, Suggestion } from './source';

/** A rule to write: hosts that share the rest. */
export interface ImportedRule {
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
  readonly protocol: Endpoint['protocol'];
  readonly reason: string;
}

/** The longest reason that a policy takes. */
const LONGEST_REASON = 200;

/** Collects what a workload may reach: each host and port once, so that no rule contradicts or repeats another. */
export class RuleSet {
  private readonly endpoints = new Map<string, Endpoint & { readonly reasons: Set<string> }>();
  private readonly open = new Map<string, Suggestion>();

  /** Whether the endpoint is in force now; not if the same host and port is there with another protocol. */
  allow(endpoint: Endpoint, reason: string): boolean {
    const known = this.endpoints.get(keyOf(endpoint)) ?? { ...endpoint, reasons: new Set<string>() };
    if (known.protocol !== endpoint.protocol) return false;
    known.reasons.add(reason);
    this.endpoints.set(keyOf(endpoint), known);
    return true;
  }

  suggest(suggestion: Suggestion): void {
    if (!this.open.has(keyOf(suggestion))) this.open.set(keyOf(suggestion), suggestion);
  }

  /** Suggestions that no rule makes needless, in the order of the file. */
  get suggestions(): Suggestion[] {
    return [...this.open.values()].filter((suggestion) => !this.covers(suggestion));
  }

  /** In the order of the file; hosts with the same ports, protocol and reason stand together. */
  get rules(): ImportedRule[] {
    const hosts = new Map<string, ImportedRule & { hosts: string[]; ports: number[] }>();
    for (const { host, port, protocol, reasons } of this.endpoints.values()) {
      const reason = reasonOf([...reasons]);
      const key = JSON.stringify([host, protocol, reason]);
      const rule = hosts.get(key) ?? { hosts: [host], ports: [], protocol, reason };
      rule.ports.push(port);
      hosts.set(key, rule);
    }
    const together = new Map<string, ImportedRule & { hosts: string[] }>();
    for (const { hosts: own, ports, protocol, reason } of hosts.values()) {
      const sorted = [...ports].sort((a, b) => a - b);
      const key = JSON.stringify([sorted, protocol, reason]);
      const rule = together.get(key) ?? { hosts: [], ports: sorted, protocol, reason };
      rule.hosts.push(...own);
      together.set(key, rule);
    }
    return [...together.values()];
  }

  private covers({ host, port }: Endpoint): boolean {
    if (this.endpoints.has(keyOf({ host, port }))) return true;
    const labels = host.split('.');
    return labels.some((_, index) => {
      const above = labels.slice(index + 1).join('.');
      return above !== '' && this.endpoints.has(keyOf({ host: `*.${above}`, port }));
    });
  }
}

function keyOf({ host, port }: Pick<Endpoint, 'host' | 'port'>): string {
  return `${host} ${port}`;
}

/** `MCP server "a", MCP server "b"`, as far as a reason takes it. */
function reasonOf(reasons: readonly string[]): string {
  const whole = reasons.join(', ');
  if (whole.length <= LONGEST_REASON) return whole;
  return `${oneLine(reasons[0] ?? '')} and ${reasons.length - 1} more`;
}
