import type { LogRecord } from '../../../lib/gateway/log-line';
import { RefusalTimes } from '../../../lib/report';

const record = (time: string, more: Partial<LogRecord> = {}): LogRecord => ({
  time,
  layer: 'request',
  id: '1',
  workload: 'web-search',
  decision: 'denied',
  reason: 'no_rule',
  ...more,
});

const seriesOf = (records: readonly LogRecord[]) => {
  const times = new RefusalTimes();
  for (const each of records) times.add(each);
  return times.series();
};

describe('RefusalTimes', () => {
  it('counts refusals by minute and workload, and what would be one apart', () => {
    const at = '2026-11-20T12:00:30.000Z';
    expect(
      seriesOf([
        record(at),
        record('2026-11-20T12:02:00.000Z'),
        record(at, { workload: 'notes', decision: 'would_deny' }),
        record(at, { decision: 'allowed' }),
      ]),
    ).toEqual({
      start: Date.UTC(2026, 10, 20, 12),
      stepMinutes: 1,
      spans: 3,
      series: [
        { workload: 'notes', denied: [0, 0, 0], wouldDeny: [1, 0, 0] },
        { workload: 'web-search', denied: [1, 0, 1], wouldDeny: [0, 0, 0] },
      ],
      undated: 0,
    });
  });

  it('has no spans where nothing was refused', () => {
    expect(seriesOf([])).toEqual({ start: 0, stepMinutes: 1, spans: 0, series: [], undated: 0 });
  });

  it.each([
    ['two hours', 120, 5],
    ['a day', 1440, 60],
    ['a month', 30 * 1440, 720],
    ['a year', 365 * 1440, 7 * 1440],
    ['seventy years', 70 * 365 * 1440, 364 * 1440],
  ])('takes wider spans for %s, and loses no refusal', (_, minutes, step) => {
    const start = Date.UTC(2026, 10, 1);
    const records = Array.from({ length: 5000 }, (__, index) =>
      record(new Date(start + Math.floor((index / 5000) * minutes) * 60_000).toISOString()),
    );
    const { stepMinutes, spans, series } = seriesOf(records);
    expect([stepMinutes, series[0]?.denied.reduce((sum, each) => sum + each)]).toEqual([step, 5000]);
    expect(spans).toBeLessThan(102);
  });

  it('does not depend on the order of the log', () => {
    const records = Array.from({ length: 3000 }, (_, index) =>
      record(new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString(), { workload: `w${index % 7}` }),
    );
    expect(seriesOf([...records].reverse())).toEqual(seriesOf(records));
  });

  it('sets aside what is no time of a gateway', () => {
    const { spans, undated } = seriesOf(
      ['', 'yesterday', '0001-01-01T00:00:00Z', '9999-12-31T00:00:00Z'].map((time) => record(time)),
    );
    expect([spans, undated]).toEqual([0, 4]);
  });

  it('bounds the number and the length of the names that a log brings', () => {
    const at = '2026-11-20T12:00:00.000Z';
    const { series } = seriesOf([
      record(at, { workload: 'a'.repeat(5000) }),
      ...Array.from({ length: 300 }, (_, index) => record(at, { workload: `w${index}` })),
    ]);
    expect(series).toHaveLength(201);
    expect(series.find(({ workload }) => workload === '(others)')?.denied).toEqual([101]);
    expect(Math.max(...series.map(({ workload }) => workload.length))).toBeLessThan(300);
  });
});
