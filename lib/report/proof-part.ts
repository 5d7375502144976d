import { CLAIMS, type Proof, type Reach } from '../proof';
import { placeWords, verdictWords } from '../proof/report/words';
import type { ClaimRow, ProofPart, ReachRow } from './model';

/** The verdict, what it stands on, and who reaches what without asking the gateway. */
export function proofPart(proof: Proof): ProofPart {
  const { verdict, completePath, trusts, residualChannels, documents, resources } = proof;
  return {
    verdict,
    words: verdictWords(proof),
    claims: claimRows(proof),
    ...(completePath && { completePath }),
    reach: proof.reach.map(reachRow),
    trusts,
    residualChannels,
    documents,
    resources,
    refused: proof.refused.map(({ acceptance: { claim, reason }, why }) => `${claim} (${reason}): ${why}`),
  };
}

function claimRows({ claims, accepted }: Proof): ClaimRow[] {
  return claims.map(({ claim, status, findings, evidence }) => {
    const acceptance = accepted.find((each) => each.claim === claim);
    return {
      id: claim,
      says: CLAIMS[claim],
      status,
      ...(acceptance && { accepted: acceptance.reason }),
      findings: findings.map((finding) => {
        const place = placeWords(finding);
        const { status: kind, what, path, change } = finding;
        return { status: kind, what, path, change, ...(place !== undefined && { place }) };
      }),
      evidence,
    };
  });
}

function reachRow({ workload, own, viaCalls }: Reach): ReachRow {
  const after = (prefix: string) =>
    own.flatMap((words) => (words.startsWith(prefix) ? [words.slice(prefix.length)] : []));
  return {
    workload,
    gateway: after('gateway:'),
    endpoints: after('endpoint '),
    peers: own.filter((words) => !/^(gateway:|gateway$|endpoint )/.test(words)),
    viaCalls,
  };
}
