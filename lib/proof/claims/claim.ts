import type { Resource } from '../load/resource';
import type { Unknown } from '../value/value';
import { show } from '../value/value';
import type { ClaimId, ClaimResult, Finding, Hop } from '../proof';
import type { Device } from '../model/devices';

/** A finding before it knows the place of the resource to change. */
export interface Draft extends Omit<Finding, 'place'> {
  /** The resource to change; undefined where there is none. */
  readonly resource?: Resource;
}

/** What a claim found, before places are looked up. */
export interface ClaimDraft {
  readonly claim: ClaimId;
  readonly findings: readonly Draft[];
  readonly evidence: readonly string[];
}

/** Gathers the findings of one claim; the same one counts once. */
export class Findings {
  private readonly findings = new Map<string, Draft>();
  private readonly facts = new Set<string>();

  constructor(private readonly claim: ClaimId) {}

  broken(resource: Resource, what: string, path: readonly Hop[], change: string): void {
    this.add({ status: 'broken', resource, what, path, change });
  }

  unproven(resource: Resource | undefined, what: string, path: readonly Hop[], change: string): void {
    this.add({ status: 'unproven', resource, what, path, change });
  }

  evidence(text: string): void {
    this.facts.add(text);
  }

  get isEmpty(): boolean {
    return this.findings.size === 0;
  }

  draft(): ClaimDraft {
    return { claim: this.claim, findings: [...this.findings.values()], evidence: [...this.facts] };
  }

  private add(draft: Draft): void {
    const key = JSON.stringify([draft.status, draft.resource?.document, draft.resource?.address, draft.what]);
    if (!this.findings.has(key)) this.findings.set(key, draft);
  }
}

/** The status of a claim: broken outweighs unproven. */
export function statusOf(findings: readonly Pick<Finding, 'status'>[]): ClaimResult['status'] {
  if (findings.some(({ status }) => status === 'broken')) return 'broken';
  return findings.length > 0 ? 'unproven' : 'holds';
}

/** A hop. */
export function hop(resource: Resource, words: string): Hop {
  return { address: resource.address, words };
}

/** The first hop of a path: the workload itself. */
export function origin(device: Device): Hop {
  const groups = device.groups.filter(({ role }) => role === 'workload' || role === 'host');
  const names = groups.map(({ name, role }) => (role === 'host' ? `container host ${name}` : `workload ${name}`));
  return hop(firstPart(device), names.join(' and ') || 'is in the network');
}

/** The part of a device that messages name. */
export function firstPart({ parts }: Device): Resource {
  const [first] = parts;
  if (!first) throw new Error('a device without parts');
  return first;
}

/** `${var.x} is a variable`. */
export function why(unknown: Unknown): string {
  return `${show(unknown)} ${unknown.reason}`;
}

/** What to do about something that is not known. */
export const MAKE_KNOWN =
  'write the value itself, or give the proof the document that it comes from (all stacks of the network, or terraform show -json)';
