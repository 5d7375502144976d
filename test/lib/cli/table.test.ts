import { fitWidths, table } from '../../../lib/cli/table';
import { createColors } from 'picocolors';

const plain = createColors(false);
const colors = createColors(true);

describe('table', () => {
  it('lines up its columns, two blanks apart, without blanks at the end of a line', () => {
    const text = table(
      ['name', 'n'],
      [
        ['a', '1'],
        ['longer', '22'],
      ],
      { colors: plain },
    );
    expect(text).toBe('name    n\na       1\nlonger  22');
  });

  it('keeps to the width: the widest cells end in …', () => {
    const text = table(['name', 'host'], [['web-search', 'a'.repeat(80)]], { width: 40, colors: plain });
    expect(text.split('\n')[1]).toBe(`web-search  ${'a'.repeat(27)}…`);
  });

  it('cuts nothing without a width', () => {
    expect(table(['host'], [['a'.repeat(300)]], { colors: plain })).toContain('a'.repeat(300));
  });

  it('counts the columns of wide characters, not their number', () => {
    const text = table(
      ['a', 'b'],
      [
        ['日本', '|'],
        ['abcd', '|'],
      ],
      { colors: plain },
    );
    expect(text.split('\n').slice(1)).toEqual(['日本  |', 'abcd  |']);
    expect(table(['host'], [['日本日本日本日本']], { width: 8, colors: plain }).split('\n')[1]).toBe('日本日…');
  });

  it('ends the colour of a cut cell in that cell', () => {
    const cell = { text: 'a'.repeat(80), style: colors.red };
    const [, line] = table(['host', 'n'], [[cell, '1']], { width: 20, colors }).split('\n');
    expect(line).toBe(`\u001b[31m${'a'.repeat(16)}…\u001b[39m  1`);
  });
});

describe('fitWidths', () => {
  it('takes from the widest column first', () => {
    expect(fitWidths([10, 40, 30], 50)).toEqual([10, 18, 18]);
  });

  it('leaves narrow columns whole, even if the line is then too long', () => {
    expect(fitWidths([6, 6, 6], 10)).toEqual([6, 6, 6]);
  });
});
