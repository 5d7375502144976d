import { printable } from '../../lib/gateway/log-line';
import { decisionWord } from '../../lib/cli/decision-rows';
import { table } from '../../lib/cli/table';
import { colorsOf, widthOf } from '../../lib/cli/terminal';
import { expectedWords, gotWords, type Asked } from './ask';

const HEAD = ['request', 'expected', 'got', 'decision', 'reason', 'rule'];

/** What was allowed and refused, and why, as the gateway's log says. */
export function resultTable(asked: readonly Asked[]): string {
  const colors = colorsOf(process.stdout);
  const rows = asked.map(({ url, expected, result, record, ok }) => [
    url,
    expectedWords(expected),
    ok ? { text: gotWords(result), style: colors.green } : { text: `${gotWords(result)} (!)`, style: colors.red },
    record ? decisionWord(record.decision, colors) : 'not logged',
    printable(record?.reason ?? '-'),
    printable(record?.rule ?? '-'),
  ]);
  return table(HEAD, rows, { colors, width: widthOf(process.stdout) });
}
