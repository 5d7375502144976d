import { PolicyError } from '../policy/errors';
import { review } from '../policy/lint/lint';
import { asJson, asMarkdown, asText, type CheckReport } from './check-report';
import { dnsChannels } from './dns-channels';
import { EXIT, type ExitCode } from './exit-codes';
import { displayNames, loadPolicy } from './load-policy';
import { formatOf, type FormatValues } from './option-values';
import { colorsOf, print, widthOf } from './terminal';

export interface CheckOptions extends FormatValues {
  readonly policy?: readonly string[];
  /** Warnings make the answer no as well. */
  readonly strict?: boolean;
  /** The day as of which expiry dates are judged. @default they are not judged: the clock is not read */
  readonly at?: Date;
}

/** Before every expiry date, so that none is judged. */
const NO_DAY = new Date(0);

/** Says whether the policy is valid, with every error and every doubt at once. */
export async function check(options: CheckOptions): Promise<ExitCode> {
  const report = await judge(options);
  const format = formatOf(options);
  if (format === 'json') print(asJson(report));
  else if (format === 'markdown') print(asMarkdown(report));
  else print(asText(report, { width: widthOf(process.stdout), colors: colorsOf(process.stdout) }));
  return report.ok ? EXIT.yes : EXIT.no;
}

async function judge({ policy: files, strict = false, at = NO_DAY }: CheckOptions): Promise<CheckReport> {
  try {
    const policy = await loadPolicy(files);
    const { warnings, accepted } = review(policy, { at });
    const ok = !strict || warnings.length === 0;
    return { ok, strict, files: policy.files, policy, problems: [], warnings, accepted, notes: dnsChannels(policy) };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return {
      ok: false,
      strict,
      files: displayNames(files),
      problems: error.problems,
      warnings: [],
      accepted: [],
      notes: [],
    };
  }
}
