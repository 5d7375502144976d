import { counted, cut, shortTime, wrapped } from '../../../../lib/report/page/words';

describe('the words of the page', () => {
  it('counts', () => {
    expect([counted(0, 'rule'), counted(1, 'rule'), counted(5000, 'rule')]).toEqual([
      '0 rules',
      '1 rule',
      '5,000 rules',
    ]);
  });

  it('shortens times, and leaves what is none', () => {
    expect(shortTime('2026-11-20T12:00:00.123Z')).toBe('2026-11-20 12:00:00');
    expect(shortTime('yesterday')).toBe('yesterday');
  });

  it('breaks a text into lines that fit, and ends it where they are too many', () => {
    expect(wrapped('sends all to the gateway', 10, 3)).toEqual(['sends all', 'to the', 'gateway']);
    expect(wrapped('x'.repeat(25), 10, 2)).toEqual(['x'.repeat(10), `${'x'.repeat(9)}…`]);
    expect(wrapped('', 10, 2)).toEqual(['']);
    expect(cut('abcdef', 4)).toBe('abc…');
  });
});
