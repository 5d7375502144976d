import { printable } from '../gateway/log-line';
import { CLAIMS, type ClaimId, type Finding, type Proof } from '../proof';
import { placeWords, verdictWords } from '../proof/report/words';
import { code, markdownTable } from './markdown';

/** For a pull request: the verdict, the claims, and what is wrong with them. */
export function proofMarkdown(proof: Proof, explain?: ClaimId): string {
  const claims = proof.claims.filter(({ claim }) => explain === undefined || claim === explain);
  const rows = claims.map(({ claim, status }) => {
    const isAccepted = proof.accepted.some((each) => each.claim === claim);
    return [claim, isAccepted ? 'accepted' : status, CLAIMS[claim]];
  });
  const found = claims.flatMap(({ claim, findings }) => findings.map((finding) => findingText(claim, finding)));
  const accepted = proof.accepted.map(({ claim, reason }) => `- ${claim} is accepted: ${code(safe(reason))}`);
  const refused = proof.refused.map(
    ({ acceptance: { claim }, why }) => `- ${claim} is not accepted: ${code(safe(why))}`,
  );
  return [
    `**${verdictWords(proof)}**`,
    markdownTable(['claim', 'status', 'what it says'], rows),
    ...found,
    ...(proof.completePath ? [`A complete path exists today:\n\n${hops(proof.completePath)}`] : []),
    ...([...accepted, ...refused].length > 0 ? [[...accepted, ...refused].join('\n')] : []),
    ...(explain === undefined
      ? []
      : [claims.flatMap(({ evidence }) => evidence.map((each) => `- ${code(safe(each))}`)).join('\n')]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function findingText(claim: ClaimId, finding: Finding): string {
  const place = placeWords(finding);
  return [
    `**${claim} ${finding.status}** ${code(safe(finding.what))}`,
    hops(finding.path),
    `Change: ${code(safe(finding.change))}${place === undefined ? '' : ` at ${code(safe(place))}`}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function hops(path: Finding['path']): string {
  return path
    .map(({ address, words }, index) => `${index + 1}. ${code(safe(address))} ${code(safe(words))}`)
    .join('\n');
}

function safe(text: string): string {
  return printable(text);
}
