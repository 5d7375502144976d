import { escapeUnprintable } from '../../policy/quote';
import type { ClaimId, ClaimResult, Finding, Hop, Proof } from '../proof';
import { claimWords, placeWords, verdictWords } from './words';

export interface TextReportOptions {
  /** One claim in full: all its findings and what it stands on. @default - all claims, and what is wrong with them */
  readonly explain?: ClaimId;
}

/** Findings of one claim that are shown where no claim is explained. */
const SHOWN = 5;

/** For people: the verdict, a line a claim, and each leak hop by hop with what to change. Names from documents are made printable. */
export function proofText(proof: Proof, { explain }: TextReportOptions = {}): string {
  const sections =
    explain === undefined
      ? [
          overview(proof),
          ...proof.claims.map((claim) => findings(claim, SHOWN)),
          complete(proof),
          acceptances(proof),
          footer(proof),
        ]
      : proof.claims
          .filter(({ claim }) => claim === explain)
          .flatMap((claim) => [lineOf(proof, claim), findings(claim, Infinity), evidence(claim)]);
  const text = sections.filter((section) => section !== '').join('\n\n');
  return text.split('\n').map(escapeUnprintable).join('\n');
}

function overview(proof: Proof): string {
  const lines = proof.claims.map((claim) => lineOf(proof, claim));
  const words = verdictWords(proof);
  return [words.replace(/^\w+/, (verdict) => verdict.toUpperCase()), '', ...lines].join('\n');
}

function lineOf({ accepted }: Proof, { claim, status }: ClaimResult): string {
  const isAccepted = accepted.some((each) => each.claim === claim);
  return `${claim} ${(isAccepted ? 'accepted' : status).padEnd(9)} ${claimWords(claim)}`;
}

function findings({ claim, findings: found }: ClaimResult, most: number): string {
  const shown = found.slice(0, most).map((each) => findingText(claim, each));
  const rest = found.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${claim}: and ${rest} more; --explain ${claim} shows all`] : [])].join('\n\n');
}

function findingText(claim: ClaimId, finding: Finding): string {
  const place = placeWords(finding);
  return [
    `${claim} ${finding.status}: ${oneLine(finding.what)}`,
    ...pathLines(finding.path),
    `    change: ${oneLine(finding.change)}`,
    ...(place === undefined ? [] : [`    at:     ${oneLine(place)}`]),
  ].join('\n');
}

function pathLines(path: readonly Hop[]): string[] {
  return path.map(({ address, words }, index) => `  ${index === 0 ? ' ' : '>'} ${oneLine(address)}: ${oneLine(words)}`);
}

function complete({ completePath }: Proof): string {
  return completePath ? ['A complete path exists today:', ...pathLines(completePath)].join('\n') : '';
}

function acceptances({ accepted, refused }: Proof): string {
  return [
    ...accepted.map(({ claim, reason }) => `${claim} is accepted: ${oneLine(reason)}`),
    ...refused.map(({ acceptance: { claim }, why }) => `${claim} is not accepted: ${why}`),
  ].join('\n');
}

function evidence({ evidence: lines }: ClaimResult): string {
  return lines.map((each) => `  ${oneLine(each)}`).join('\n');
}

function footer({ reach, trusts, residualChannels, resources, documents, ignoredTypes }: Proof): string {
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length > 0 ? [title, ...lines.map((each) => `  ${oneLine(each)}`)] : [];
  return [
    ...section(
      'reach:',
      reach.map(
        ({ workload, own, viaCalls }) =>
          `${workload}: ${own.join(', ') || 'nothing'}${viaCalls.length > 0 ? `; by calls: ${viaCalls.join(', ')}` : ''}`,
      ),
    ),
    ...section('stays open:', residualChannels),
    ...section('on trust:', trusts),
    ...section('types that name nothing of a network:', ignoredTypes.length > 0 ? [ignoredTypes.join(', ')] : []),
    `${resources} resources in ${documents.length} ${documents.length === 1 ? 'document' : 'documents'}`,
  ].join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll('\n', '\\n');
}
