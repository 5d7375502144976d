import type { CaseResult } from '../cases';
import { printable } from '../gateway/log-line';
import { formatSource } from '../policy/errors';
import { code, markdownTable } from './markdown';
import { counted } from './policy-words';
import { safeJson } from './safe-json';
import { table, type TableOptions } from './table';

const HEAD = ['', 'case', 'expected', 'got', 'note'];

/** For people: every case, then what failed with its place. */
export function asText(results: readonly CaseResult[], options: TableOptions): string {
  const { colors } = options;
  const paint = { passed: colors.green, failed: colors.red, skipped: colors.yellow };
  const rows = results.map((result) => {
    const [outcome = '', ...rest] = row(result);
    return [{ text: outcome, style: paint[result.outcome] }, ...rest];
  });
  const failed = results
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ case: each, note = '' }) => `${formatSource(each.source)}: ${colors.red('failed')}: ${printable(note)}`);
  return [table(HEAD, rows, options), ...(failed.length > 0 ? [failed.join('\n')] : []), verdict(results)].join('\n\n');
}

/** For scripts. */
export function asJson(results: readonly CaseResult[]): string {
  const of = (wanted: string): number => results.filter(({ outcome }) => outcome === wanted).length;
  return safeJson({
    ok: of('failed') === 0,
    passed: of('passed'),
    failed: of('failed'),
    skipped: of('skipped'),
    cases: results.map(({ case: each, ...result }) => ({
      name: each.name,
      workload: each.workload,
      expect: each.expect,
      expectedReason: each.reason,
      source: each.source,
      ...result,
    })),
  });
}

/** For a pull request. */
export function asMarkdown(results: readonly CaseResult[]): string {
  const shown = results.filter(({ outcome }) => outcome !== 'passed');
  const rows = shown.map((result) => row(result).map((cell) => (cell === '' ? '' : code(cell))));
  return [
    `**${results.some(({ outcome }) => outcome === 'failed') ? 'Not OK' : 'OK'}**: ${code(verdict(results))}`,
    ...(rows.length > 0 ? [markdownTable(HEAD, rows)] : []),
  ].join('\n\n');
}

function row({ case: each, outcome, decision = '-', reason, note = '' }: CaseResult): string[] {
  const expected = `${each.expect}${each.reason === undefined ? '' : ` (${each.reason})`}`;
  const got = `${decision}${reason === undefined ? '' : ` (${reason})`}`;
  return [outcome, each.name, expected, got, outcome === 'failed' ? '' : note].map(printable);
}

function verdict(results: readonly CaseResult[]): string {
  const of = (wanted: string): number => results.filter(({ outcome }) => outcome === wanted).length;
  const skipped = of('skipped') > 0 ? `, ${of('skipped')} skipped` : '';
  return `${counted(results.length, 'case')}: ${of('passed')} passed, ${of('failed')} failed${skipped}`;
}
