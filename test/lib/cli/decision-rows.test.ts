import { createColors } from 'picocolors';
import { DecisionRows, reasonWords } from '../../../lib/cli/decision-rows';
import { type LogRecord } from '../../../lib/gateway/log-line';
import { ESCAPES } from './support/cli';

const record: LogRecord = {
  time: '2026-01-31T12:00:00.123Z',
  layer: 'tunnel',
  id: '1',
  workload: 'web-search',
  rule: 'api.example.com:443',
  decision: 'allowed',
  reason: 'rule',
  method: 'CONNECT',
  authority: 'api.example.com:443',
  sni: 'api.example.com',
  bytesSent: 5 * 1024,
  bytesReceived: 742,
  durationMs: 1234,
};
const refused: LogRecord = { ...record, decision: 'denied', reason: 'no_rule', rule: undefined };
const rows = (width: number): DecisionRows => new DecisionRows(() => width, createColors(false));
const words = (line: string): string[] => line.split(/ {2,}/);

describe('DecisionRows', () => {
  it('shows a decision with its request, rule, bytes and time on one line under the titles', () => {
    expect(words(rows(160).head())).toEqual(['time', 'decision', 'workload', 'request', 'why', 'up/down', 'took']);
    expect(words(rows(160).row(record)).slice(1)).toEqual([
      'allowed',
      'web-search',
      'CONNECT api.example.com:443',
      'api.example.com:443',
      '742/5.0k',
      '1.2s',
    ]);
  });

  it('says why a request was refused', () => {
    expect(rows(160).row(refused)).toContain('no_rule: no rule of this workload');
    expect(reasonWords('a_reason_of_tomorrow')).toBe('a_reason_of_tomorrow');
  });

  it('shows a TLS server name that is not the host', () => {
    expect(rows(160).row({ ...refused, sni: 'evil.test' })).toContain('CONNECT api.example.com:443 (SNI evil.test)');
    expect(rows(160).row({ ...record, authority: '[2606:2800::1]:443', sni: undefined })).not.toContain('SNI');
  });

  it.each([40, 59, 60, 80, 99, 100, 106, 120, 130, 200])('keeps to a width of %i, whatever is in it', (width) => {
    const long = { ...refused, workload: 'w'.repeat(63), authority: `${'a'.repeat(250)}:443` };
    for (const line of [rows(width).head(), rows(width).row(long), rows(width).row(record)]) {
      expect(line.length).toBeLessThanOrEqual(width);
      expect(line).not.toContain('\n');
    }
  });

  it('follows the width of the window', () => {
    let width = 200;
    const table = new DecisionRows(() => width, createColors(false));
    expect(table.row(record)).toContain('742/5.0k');
    width = 80;
    expect(table.row(record)).not.toContain('742/5.0k');
  });

  it('gives nothing from a request to the terminal that it would obey', () => {
    const hostile = '\u001b]0;title\u0007\u001b[2J\r\n\u202e\u009b31m';
    const line = rows(200).row({
      ...refused,
      workload: hostile,
      method: hostile,
      authority: hostile,
      sni: hostile,
      reason: hostile,
      time: hostile,
    });
    expect(line).not.toMatch(ESCAPES);
    expect(line).not.toContain('\n');
  });
});
