import { Fragments } from '../../../lib/delivery/fragments';

const LARGE = { name: 'x'.repeat(200), list: [1, true, null, 'a\tb\n"c"'] };

/** The value behind a text, with its references followed. */
function read(text: string, fragments: Fragments, keys: Readonly<Record<string, string>> = {}): unknown {
  const texts = new Map(fragments.all);
  const follow = (part: string): string =>
    part
      .split('\t')
      .map((each, index) => {
        if (index % 2 === 0) return each;
        return each.startsWith('s') ? follow(texts.get(each.slice(1)) ?? '?') : JSON.stringify(keys[each.slice(1)]);
      })
      .join('');
  return JSON.parse(follow(text));
}

describe('Fragments', () => {
  it('writes a value that reads as itself', () => {
    const value = { a: [LARGE, { b: LARGE }], c: 'tab\there', d: undefined, e: {} };
    const fragments = new Fragments();
    expect(read(fragments.write(value), fragments)).toEqual(JSON.parse(JSON.stringify(value)));
  });

  it('has what is large once, under a name that is the same everywhere', () => {
    const [one, other] = [new Fragments(), new Fragments()];
    one.write({ a: LARGE, b: { ...LARGE } });
    expect(one.all).toHaveLength(1);
    other.write([structuredClone(LARGE)]);
    expect(other.all).toEqual(one.all);
  });

  it('writes equal values as equal texts, whatever else it has written', () => {
    const [one, other] = [new Fragments(), new Fragments()];
    other.write({ LARGE, more: { LARGE } });
    expect(other.write({ x: LARGE })).toBe(one.write({ x: LARGE }));
  });

  it('never has a tab or a line end but around references', () => {
    const text = new Fragments().write({ 'a\tb': 'c\td\ne', LARGE });
    expect(text.split('\t')).toHaveLength(3);
    expect(text).not.toContain('\n');
  });

  it('refers to strings that vary', () => {
    const fragments = new Fragments(new Set(['key']));
    const text = fragments.write({ chain: 'key', other: 'key2', key: 1 });
    expect(read(text, fragments, { key: 'later' })).toEqual({ chain: 'later', other: 'key2', key: 1 });
  });
});
