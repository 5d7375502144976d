import type { Ignore } from '../draft';
import { escapeUnprintable, quote } from '../quote';
import { suggestKey } from '../read/suggest';
import { WARNING_CODES, warning, type Accepted, type Warning, type WarningCode } from './warning';

/** Codes whose warnings come with the day: a comment may stand there before them. */
const DATED: readonly string[] = ['expired', 'expires_soon'];

/** What a comment can accept: everything but what is wrong with comments. */
const ACCEPTABLE: readonly string[] = WARNING_CODES.filter((code) => !code.startsWith('ignore_'));

/** Takes out the warnings that comments accept, and adds what is wrong with the comments. */
export function accept(
  warnings: readonly Warning[],
  ignores: readonly Ignore[],
): { warnings: Warning[]; accepted: Accepted[] } {
  const reasons = new Map<Warning, string>();
  for (const ignore of ignores.filter(({ reason }) => reason !== '')) {
    for (const each of warnings) {
      if (ignore.codes.includes(each.code) && isAbout(ignore, each))
        reasons.set(each, escapeUnprintable(ignore.reason));
    }
  }
  const left = warnings.filter((each) => !reasons.has(each));
  return {
    warnings: [...left, ...ignores.flatMap((ignore) => lintIgnore(ignore, warnings))],
    accepted: [...reasons].map(([each, because]) => ({ ...each, because })),
  };
}

function isAbout({ file, accepts, forFile }: Ignore, found: Warning): boolean {
  if (found.code === 'observe') return forFile;
  return file === found.file && accepts.some(({ line, column }) => line === found.line && column === found.column);
}

function lintIgnore(ignore: Ignore, warnings: readonly Warning[]): Warning[] {
  const { codes, reason } = ignore;
  const unknown = codes.filter((code) => !ACCEPTABLE.includes(code));
  const unused = codes.filter(
    (code) =>
      ACCEPTABLE.includes(code) &&
      !DATED.includes(code) &&
      !warnings.some((found) => found.code === code && isAbout(ignore, found)),
  );
  const add = (code: WarningCode, message: string) => warning(code, ignore, message);
  return [
    ...(codes.length === 0 || reason === ''
      ? [
          add(
            'ignore_no_reason',
            `the comment accepts ${codes.length === 0 ? 'nothing' : codes.map(quote).join(', ')} without a reason; ${FORM}`,
          ),
        ]
      : []),
    ...unknown.map((code) =>
      add('ignore_unknown', `the comment accepts ${quote(code)}, which is no code${hint(code)}; ${FORM}`),
    ),
    ...unused.map((code) =>
      add(
        'ignore_unused',
        `the comment accepts ${quote(code)}, and nothing of it is found here; remove it, or write it on the lines of the rule, workload or group that it is about, or right above`,
      ),
    ),
  ];
}

const FORM = 'write `# egress-ignore: CODE reason`, several codes with commas between them';

function hint(code: string): string {
  const meant = suggestKey(code.replaceAll('-', '_'), ACCEPTABLE);
  return meant === undefined ? '' : ` (did you mean ${quote(meant)}?)`;
}
