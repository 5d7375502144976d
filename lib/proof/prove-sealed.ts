import { applyAcceptances, taggedAcceptances } from './accept';
import { statusOf, type ClaimDraft } from './claims/claim';
import { checkRoutes } from './claims/c1-routes';
import { checkSecurityGroups } from './claims/c2-security-groups';
import { checkWaysIn } from './claims/c3-ways-in';
import { checkEndpointPolicies } from './claims/c4-endpoint-policies';
import { checkDns } from './claims/c5-dns';
import { checkGateway } from './claims/c6-gateway';
import { checkTasks } from './claims/c7-tasks';
import { checkResolution } from './claims/c8-resolution';
import { findCompletePath } from './claims/complete-path';
import type { TerraformDocument } from './load/document';
import { ProofInputError } from './errors';
import { loadDocuments } from './load/documents';
import { buildModel } from './model/model';
import { Places } from './place';
import type { Acceptance, ClaimResult, Finding, Proof, Verdict } from './proof';
import { reachOf } from './reach';
import { trustsOf } from './trusts';

export interface ProveOptions {
  /** Broken claims that somebody answers for. @default - those of the tags `mcp-egress:accept` */
  readonly accept?: readonly Acceptance[];
}

/**
 * Proves from Terraform JSON that the workloads of a network have no way out but the gateway, or names the way, or says what it cannot tell.
 * Which resources are workloads, gateway and endpoints comes from tags on security groups (`mcp-egress:role`). It reads the documents alone,
 * and no clock: the same documents give the same proof.
 * @param documents all stacks of one network: `cdk.tf.json`, or `terraform show -json` of a plan or a state
 * @throws {ProofInputError} with everything that is no Terraform JSON
 */
export function proveSealed(documents: readonly TerraformDocument[], options: ProveOptions = {}): Proof {
  try {
    return prove(documents, options);
  } catch (error) {
    // What is too deep for the call stack is no network that somebody wrote.
    if (error instanceof RangeError)
      throw new ProofInputError([`the documents are nested too deeply to be read: ${error.message}`]);
    throw error;
  }
}

function prove(documents: readonly TerraformDocument[], options: ProveOptions): Proof {
  const model = buildModel(loadDocuments(documents));
  const dns = checkDns(model);
  const resolution = checkResolution(model);
  const drafts: ClaimDraft[] = [
    checkRoutes(model),
    checkSecurityGroups(model),
    checkWaysIn(model),
    checkEndpointPolicies(model),
    dns,
    checkGateway(model),
    checkTasks(model),
    resolution,
  ];
  const places = new Places(documents);
  const claims = drafts.map((draft) => finish(draft, places));
  const completePath = findCompletePath(model);
  const wanted = [...(options.accept ?? []), ...taggedAcceptances(model)];
  const { accepted, refused } = applyAcceptances(wanted, claims, completePath);
  return {
    verdict: verdictOf(claims, accepted),
    claims,
    accepted,
    refused,
    ...(completePath && { completePath }),
    reach: reachOf(model),
    trusts: trustsOf(model),
    residualChannels: dns.residualChannels,
    documents: documents.map(({ name }) => name),
    resources: model.inventory.resources.length,
    ignoredTypes: resolution.ignoredTypes,
  };
}

function finish({ claim, findings, evidence }: ClaimDraft, places: Places): ClaimResult {
  const finished = findings.map(({ resource, ...finding }): Finding => ({
    ...finding,
    ...(resource && { place: places.of(resource) }),
  }));
  // What is broken comes first.
  const sorted = [...finished].sort((a, b) => Number(a.status === 'unproven') - Number(b.status === 'unproven'));
  return { claim, status: statusOf(findings), findings: sorted, evidence };
}

function verdictOf(claims: readonly ClaimResult[], accepted: readonly Acceptance[]): Verdict {
  const isAccepted = ({ claim }: ClaimResult): boolean => accepted.some((each) => each.claim === claim);
  if (claims.some((each) => each.status === 'broken' && !isAccepted(each))) return 'leak';
  return claims.some(({ findings }) => findings.some(({ status }) => status === 'unproven')) ? 'unproven' : 'sealed';
}
