import { isClaim, ProofInputError, proveSealed, type Acceptance, type ClaimId, type Proof } from '../proof';
import { proofSarif } from '../proof/report/sarif';
import { proofText } from '../proof/report/text';
import { printable } from '../gateway/log-line';
import { CliError } from './cli-error';
import { EXIT, type ExitCode } from './exit-codes';
import { loadTerraform } from './load-terraform';
import { packageInfo } from './package-info';
import { proofMarkdown } from './prove-markdown';
import type { AcceptValues } from './option-values';
import { safeJson } from './safe-json';
import { colorsOf, print, type Colors } from './terminal';

export interface ProveCommandOptions extends AcceptValues {
  readonly format: 'text' | 'json' | 'markdown' | 'sarif';
  readonly json?: boolean;
  /** One claim in full. */
  readonly explain?: string;
}

const EXIT_CODES = { sealed: EXIT.yes, leak: EXIT.no, unproven: EXIT.unproven } as const;

/** Says whether the workloads of some stacks have a way out beside the gateway, and which. */
export function prove(paths: readonly string[], options: ProveCommandOptions): ExitCode {
  const explain = options.explain === undefined ? undefined : claim(options.explain);
  const proof = provePaths(paths, options);
  print(report(proof, options.json ? 'json' : options.format, explain));
  return EXIT_CODES[proof.verdict];
}

/**
 * The proof of what some paths hold.
 * @throws {CliError} (usage) with everything that cannot be read, or acceptances that are not in pairs
 */
export function provePaths(paths: readonly string[], values: AcceptValues = {}): Proof {
  const accept = acceptances(values);
  const documents = loadTerraform(paths);
  try {
    return proveSealed(documents, { accept });
  } catch (error) {
    if (error instanceof ProofInputError) throw new CliError(error.problems.map(printable).join('\n'), EXIT.usage);
    throw error;
  }
}

function report(proof: Proof, format: ProveCommandOptions['format'], explain: ClaimId | undefined): string {
  if (format === 'markdown') return proofMarkdown(proof, explain);
  if (format === 'text') return colored(proofText(proof, { explain }), colorsOf(process.stdout));
  const chosen =
    explain === undefined ? proof : { ...proof, claims: proof.claims.filter((each) => each.claim === explain) };
  const { version } = packageInfo();
  return safeJson(format === 'sarif' ? proofSarif(chosen, { name: 'mcp-egress prove', version }) : chosen);
}

/** The words of verdict and status at the beginning of a line. */
function colored(text: string, { green, red, yellow }: Colors): string {
  return text
    .replace(/^(C\d )?(holds|sealed)/gim, (_, id: string | undefined, word: string) => (id ?? '') + green(word))
    .replace(/^(C\d )?(broken|leak)/gim, (_, id: string | undefined, word: string) => (id ?? '') + red(word))
    .replace(/^(C\d )?(unproven|accepted)/gim, (_, id: string | undefined, word: string) => (id ?? '') + yellow(word));
}

function acceptances({ accept = [], reason = [] }: AcceptValues): Acceptance[] {
  if (accept.length !== reason.length)
    throw new CliError(
      `--accept stands ${accept.length} times and --reason ${reason.length} times; write them in pairs: --accept C1 --reason "why".`,
      EXIT.usage,
    );
  return accept.map((text, index) => ({ claim: claim(text), reason: reason[index] ?? '' }));
}

function claim(text: string): ClaimId {
  const id = text.toUpperCase();
  if (isClaim(id)) return id;
  throw new CliError(`${printable(JSON.stringify(text))} is no claim; write one of C1 to C8.`, EXIT.usage);
}
