import { isObject } from './value/value';
import { CLAIMS, type Acceptance, type ClaimId, type ClaimResult, type Hop, type Proof } from './proof';
import { tag, TAGS } from './model/tags';
import type { Model } from './model/model';

/** Acceptances that stand in tags of VPCs and of security groups with a role: `mcp-egress:accept` = `C1: reason`, several joined by ` / `. */
export function taggedAcceptances(model: Model): readonly Acceptance[] {
  const vpcs = model.inventory.of('aws_vpc', 'aws_default_vpc');
  const groups = model.groups.all.filter(({ role }) => role !== undefined).map(({ resource }) => resource);
  const found = [...vpcs, ...groups].flatMap((resource) => {
    const text = isObject(resource.get('tags')) ? tag(resource, TAGS.accept) : undefined;
    return typeof text === 'string' ? text.split(/ \/ (?=C\d)/).flatMap((each) => parse(each) ?? []) : [];
  });
  return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
}

function parse(text: string): Acceptance | undefined {
  const [, claim, reason = ''] = /^\s*(C\d)\s*:\s*(.+?)\s*$/.exec(text) ?? [];
  return claim !== undefined && isClaim(claim) ? { claim, reason } : undefined;
}

/** Whether a text is the number of a claim. */
export function isClaim(text: string): text is ClaimId {
  return Object.hasOwn(CLAIMS, text);
}

/** Which acceptances count: those of claims that are broken, as long as no path is open from end to end. */
export function applyAcceptances(
  wanted: readonly Acceptance[],
  claims: readonly ClaimResult[],
  completePath: readonly Hop[] | undefined,
): Pick<Proof, 'accepted' | 'refused'> {
  const accepted: Acceptance[] = [];
  const refused: Proof['refused'][number][] = [];
  for (const acceptance of wanted) {
    const why = objection(acceptance, claims, completePath);
    if (why !== undefined) refused.push({ acceptance, why });
    else if (!accepted.some(({ claim }) => claim === acceptance.claim)) accepted.push(acceptance);
  }
  return { accepted, refused };
}

function objection(
  { claim, reason }: Acceptance,
  claims: readonly ClaimResult[],
  completePath: readonly Hop[] | undefined,
): string | undefined {
  const status = claims.find((each) => each.claim === claim)?.status;
  if (reason.trim() === '') return 'it gives no reason';
  if (status === 'holds') return `${claim} holds, so there is nothing to accept`;
  if (status === 'unproven') return `${claim} is unproven, and only what is known can be accepted`;
  return completePath ? 'a complete path exists today' : undefined;
}
