import type { IConstruct } from 'constructs';
import { referenceText } from './reference-text';

export type Direction = 'ingress' | 'egress';

/** The rules that this app gives one security group, whoever asks for them: EC2 refuses a second one with the same ends and port. */
export class RuleLedger {
  private readonly made = new Set<string>();
  private readonly counts: Record<Direction, number> = { ingress: 0, egress: 0 };

  /** Enters a rule. @returns whether it is a new one */
  enter(direction: Direction, port: number, target: Readonly<Record<string, string>>): boolean {
    const ends = Object.entries(target).map(([field, value]) => [field, referenceText(value)]);
    const key = JSON.stringify([direction, port, ends]);
    if (this.made.has(key)) return false;
    this.made.add(key);
    this.counts[direction] += 1;
    return true;
  }

  count(direction: Direction): number {
    return this.counts[direction];
  }
}

const ledgers = new WeakMap<IConstruct, Map<string, RuleLedger>>();

/** The ledger of a group in an app: one, however often and by which token the group is named. */
export function ledgerOf(scope: IConstruct, securityGroupId: string): RuleLedger {
  const ofApp = ledgers.get(scope.node.root) ?? new Map<string, RuleLedger>();
  ledgers.set(scope.node.root, ofApp);
  const key = referenceText(securityGroupId);
  const ledger = ofApp.get(key) ?? new RuleLedger();
  ofApp.set(key, ledger);
  return ledger;
}
