import { CLAIMS, type ClaimId, type Finding, type Proof } from '../proof';

/** `sealed, 1 accepted`; `leak: C1, C5 broken`; `unproven: C2`. */
export function verdictWords({ verdict, claims, accepted }: Proof): string {
  const ids = (status: string): string =>
    claims
      .filter((each) => each.status === status && !accepted.some(({ claim }) => claim === each.claim))
      .map(({ claim }) => claim)
      .join(', ');
  if (verdict === 'leak') return `leak: ${ids('broken')} broken`;
  if (verdict === 'unproven') return `unproven: ${ids('unproven') || accepted.map(({ claim }) => claim).join(', ')}`;
  return accepted.length > 0 ? `sealed, ${accepted.length} accepted` : 'sealed';
}

/** `stacks/a/cdk.tf.json:12 (construct a/Vpc/Route)`. */
export function placeWords({ place }: Finding): string | undefined {
  if (!place) return undefined;
  const line = place.line === undefined ? '' : `:${place.line}`;
  return `${place.file}${line}${place.constructPath === undefined ? '' : ` (construct ${place.constructPath})`}`;
}

/** What a claim says. */
export function claimWords(claim: ClaimId): string {
  return CLAIMS[claim];
}
