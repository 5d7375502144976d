import type { ClaimRow, ProofPart } from '../../../../lib/report/model';
import { layoutPaths, pathsOf } from '../../../../lib/report/page/path-layout';

const hops = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ address: `aws_thing.n${index}`, words: `leads to ${index}` }));

const claim = (id: string, more: Partial<ClaimRow>): ClaimRow => ({
  id,
  says: 'something holds',
  status: 'broken',
  findings: [],
  evidence: [],
  ...more,
});

const finding = (status: 'broken' | 'unproven', count: number): ClaimRow['findings'][number] => ({
  status,
  what: 'a route leads out',
  path: hops(count),
  change: 'remove it',
});

const PROOF: ProofPart = {
  verdict: 'leak',
  words: 'leak: C1 broken',
  claims: [
    claim('C1', { findings: [finding('broken', 3), finding('broken', 0)] }),
    claim('C2', { status: 'unproven', findings: [finding('unproven', 1)] }),
    claim('C4', { accepted: 'until June', findings: [finding('broken', 2)] }),
  ],
  completePath: hops(5),
  reach: [],
  trusts: [],
  residualChannels: [],
  documents: [],
  resources: 1,
  refused: [],
};

describe('pathsOf', () => {
  it('has every path that was found, the complete one first', () => {
    expect(pathsOf(PROOF).map(({ kind, title, hops: { length } }) => [kind, title, length])).toEqual([
      ['complete', 'A complete path, open today', 6],
      ['broken', 'C1 broken: a route leads out', 3],
      ['unproven', 'C2 unproven: a route leads out', 1],
      ['accepted', 'C4 accepted: a route leads out', 2],
    ]);
  });
});

describe('layoutPaths', () => {
  it('puts four steps into a row, with an arrow to each but the first, and no two on one place', () => {
    const { paths, height } = layoutPaths(pathsOf(PROOF));
    const boxes = paths.flatMap((path) => path.hops.map(({ box }) => box));
    expect(new Set(boxes.map(({ x, y }) => `${x} ${y}`)).size).toBe(boxes.length);
    expect(new Set(boxes.map(({ x }) => x)).size).toBe(4);
    expect(Math.max(...boxes.map((box) => box.y + box.height))).toBeLessThanOrEqual(height);
    expect(paths.map((path) => path.hops.filter(({ arrow }) => arrow === undefined).length)).toEqual([1, 1, 1, 1]);
  });

  it('cuts what has no room, and keeps all of it in the title', () => {
    const address = `aws_thing.${'n'.repeat(300)}`;
    const { paths } = layoutPaths([
      { kind: 'broken', title: 't'.repeat(500), hops: [{ address, words: 'w'.repeat(300) }] },
    ]);
    const [hop] = paths[0]?.hops ?? [];
    expect(paths[0]?.title.length).toBeLessThan(120);
    expect(hop?.name.length).toBeLessThan(35);
    expect(hop?.lines.length).toBeLessThan(3);
    expect(hop?.title).toBe(`${address}: ${'w'.repeat(300)}`);
  });
});
