import { createColors } from 'picocolors';
import { Tally } from '../../../lib/cli/tally';
import { type LogRecord } from '../../../lib/gateway/log-line';
import { ESCAPES } from './support/cli';

const colors = createColors(false);
const record = (decision: LogRecord['decision'], authority: string, reason = 'no_rule'): LogRecord => ({
  time: '',
  layer: 'request',
  id: '',
  workload: 'w',
  decision,
  reason,
  authority,
});

describe('Tally', () => {
  it('sums up by decision and by host, the most frequent first', () => {
    const tally = new Tally();
    tally.add(record('denied', 'a.test:443'));
    tally.add(record('allowed', 'b.test:443', 'rule'));
    tally.add(record('allowed', 'b.test:443', 'rule'));
    tally.add(record('would_deny', 'c.test:443'));
    const [total, , , first, ...others] = tally.summary({ colors }).split('\n');
    expect(total).toBe('2 allowed, 1 denied, 1 would be denied');
    expect(first).toMatch(/^2 +allowed +w +b\.test:443 +rule$/);
    expect(others).toHaveLength(2);
  });

  it('says so when nothing came', () => {
    expect(new Tally().summary({ colors })).toBe('0 allowed, 0 denied');
  });

  it('does not grow with the names that requests bring', () => {
    const tally = new Tally();
    for (let index = 0; index < 5000; index += 1) tally.add(record('denied', `${index}.test:443`));
    const summary = tally.summary({ colors });
    expect(summary).toContain('0 allowed, 5000 denied');
    expect(summary).toMatch(/^4000 +denied +w +\(others\) +no_rule$/m);
    expect(summary).toContain('… and 989 more');
    expect(summary.split('\n')).toHaveLength(16);
  });

  it('prints names as escapes', () => {
    const tally = new Tally();
    tally.add(record('denied', '\u001b[31m\u202e'));
    expect(tally.summary({ colors })).not.toMatch(ESCAPES);
  });
});
