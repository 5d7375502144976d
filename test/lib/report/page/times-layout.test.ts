import { barsOf, momentWords, roundUp, stepWords } from '../../../../lib/report/page/times-layout';

const SERIES = {
  start: Date.UTC(2026, 10, 20),
  stepMinutes: 15,
  spans: 2,
  series: [
    { workload: 'notes', denied: [1, 2], wouldDeny: [0, 4] },
    { workload: 'search', denied: [10, 0], wouldDeny: [0, 0] },
  ],
  undated: 0,
};

describe('barsOf', () => {
  it('adds up all workloads, or takes one', () => {
    expect(barsOf(SERIES, '')).toEqual([
      { start: SERIES.start, denied: 11, wouldDeny: 0 },
      { start: SERIES.start + 900_000, denied: 2, wouldDeny: 4 },
    ]);
    expect(barsOf(SERIES, 'notes').map(({ denied }) => denied)).toEqual([1, 2]);
    expect(barsOf(SERIES, 'nobody').map(({ denied }) => denied)).toEqual([0, 0]);
  });
});

describe('the words of a chart', () => {
  it.each([
    [0, 2],
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 10],
    [10, 10],
    [11, 20],
    [100, 100],
    [101, 200],
    [99_999, 100_000],
  ])('%d is below a round number: %d', (value, expected) => {
    expect(roundUp(value)).toBe(expected);
  });

  it.each([
    [1, 'minute', '2026-11-20 00:00'],
    [15, '15 minutes', '2026-11-20 00:00'],
    [60, 'hour', '2026-11-20 00:00'],
    [720, '12 hours', '2026-11-20 00:00'],
    [1440, 'day', '2026-11-20'],
    [10_080, '7 days', '2026-11-20'],
  ])('spans of %d minutes are called %s', (minutes, step, moment) => {
    expect([stepWords(minutes), momentWords(SERIES.start, minutes)]).toEqual([step, moment]);
  });
});
