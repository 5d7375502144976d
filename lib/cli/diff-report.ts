import { printable } from '../gateway/log-line';
import { type Change, type Effect, type HostsChange, type PolicyDiff } from '../policy/diff/diff';
import { list } from '../policy/diff/words';
import { bracketHost } from '../policy/hosts';
import { code, markdownTable } from './markdown';
import { counted } from './policy-words';
import { safeJson } from './safe-json';
import { table, type TableOptions } from './table';

/** One of the compared policies. */
interface Compared {
  readonly file: string;
  readonly hash: string;
  readonly mode: string;
}

/** What `diff` found; `--json` prints the same facts. */
export interface DiffReport extends PolicyDiff {
  readonly before: Compared;
  readonly after: Compared;
}

/** One line of a report. */
export interface Row {
  readonly sign: '+' | '-' | '~';
  readonly workload: string;
  readonly what: string;
  readonly change: string;
}

const HEAD = ['', '', 'workload', 'what', 'change'];
const EFFECTS: readonly Effect[] = ['widened', 'narrowed', 'moved'];
const EFFECT_WORDS: Readonly<Record<Effect, string>> = { widened: 'wider', narrowed: 'narrower', moved: 'moved' };
/** A comment on GitHub takes 65,536 characters; longer tables say how much they leave out. */
const MOST_CHARACTERS = 50_000;

/** For people: a line for each host. */
export function asText(report: DiffReport, options: TableOptions): string {
  const { colors } = options;
  const paint = { widened: colors.yellow, narrowed: colors.green, moved: colors.cyan };
  const rows = report.changes.flatMap((change) =>
    rowsOf(change).map(({ sign, workload, what, change: text }) => {
      const effect = { text: EFFECT_WORDS[change.effect], style: paint[change.effect] };
      return [{ text: sign, style: paint[change.effect] }, effect, workload, what, text];
    }),
  );
  const verdict = verdictWords(report);
  const painted = report.widened ? colors.yellow(verdict) : colors.green(verdict);
  return [...(rows.length > 0 ? [table(HEAD, rows, options)] : []), painted].join('\n\n');
}

/** For scripts. */
export function asJson({ widened, before, after, changes }: DiffReport): string {
  return safeJson({ widened, before, after, changes });
}

/** For a pull request: what widens in the open, the rest folded. */
export function asMarkdown(report: DiffReport): string {
  const sections = EFFECTS.flatMap((effect) => {
    const changes = report.changes.filter((change) => change.effect === effect);
    if (changes.length === 0) return [];
    const rows = changes.flatMap(rowsOf);
    const shown = markdownRows(rows, effect === 'widened' ? MOST_CHARACTERS : MOST_CHARACTERS / 10);
    if (effect === 'widened') return [shown];
    const title = effect === 'narrowed' ? 'What no longer passes' : 'What else changed';
    return [`<details><summary>${title}: ${counted(rows.length, 'line')}</summary>\n\n${shown}\n\n</details>`];
  });
  const sign = report.widened ? '⚠️ ' : '';
  return [`${sign}**${titleWords(report)}** ${code(printable(report.after.file))}`, ...sections].join('\n\n');
}

function markdownRows(rows: readonly Row[], most: number): string {
  const cells: string[][] = [];
  let length = 0;
  for (const { sign, workload, what, change } of rows) {
    const row = [sign, workload, what, change].map((text) => code(text));
    length += row.join(' | ').length;
    if (length > most) break;
    cells.push(row);
  }
  const rest = rows.length - cells.length;
  const more = rest > 0 ? `\n\n**${counted(rest, 'more line')}**: \`mcp-egress diff\` shows all.` : '';
  return `${markdownTable(['', 'workload', 'what', 'change'], cells)}${more}`;
}

/** A change as lines. */
export function rowsOf(change: Change): Row[] {
  const workload = change.about === 'mode' ? 'all' : change.workload;
  if (change.about !== 'hosts') {
    const sign = change.about === 'workload' ? (change.extent === 'new' ? '+' : '-') : '~';
    const what = change.about === 'limit' ? 'limits' : change.about;
    return [{ sign, workload, what, change: change.text }];
  }
  const sign = ({ new: '+', gone: '-', part: '~' } as const)[change.extent];
  return change.hosts.map((host) => ({
    sign,
    workload,
    what: `${bracketHost(host)}:${change.ports.join(',')}`,
    change: `${change.text}${exceptWords(host, change)}`,
  }));
}

/** Which names below a wildcard are as they were. */
function exceptWords(host: string, { except }: HostsChange): string {
  const below = host.startsWith('*.')
    ? except.filter((each) => each !== host && each.replace(/:.*/, '').endsWith(host.slice(1)))
    : [];
  return below.length > 0 ? ` (as before: ${list(below)})` : '';
}

function verdictWords(report: DiffReport): string {
  return `${printable(report.before.file)} → ${printable(report.after.file)}: ${titleWords(report)}`;
}

/** `wider: 2 changes allow more, 1 allows less`. */
export function titleWords({ changes, widened, before, after }: DiffReport): string {
  if (changes.length === 0) return before.hash === after.hash ? 'no change' : 'no change of what passes';
  const count = (effect: Effect) => changes.filter((change) => change.effect === effect).flatMap(rowsOf).length;
  const [more, less, other] = [count('widened'), count('narrowed'), count('moved')];
  const parts = [
    ...(more > 0 ? [`${more} allow${more === 1 ? 's' : ''} more`] : []),
    ...(less > 0 ? [`${less} allow${less === 1 ? 's' : ''} less`] : []),
    ...(other > 0 ? [`${counted(other, 'other change')}`] : []),
  ];
  return `${widened ? 'wider' : 'not wider'}: ${parts.join(', ')}`;
}
