import { assignPorts } from '../../../lib/import/assign-ports';

describe('assignPorts', () => {
  it('counts from 10000 in the order given', () => {
    expect([...assignPorts(['b', 'a'], new Map())]).toEqual([
      ['b', 10_000],
      ['a', 10_001],
    ]);
  });

  it('keeps ports, and gives none that was another workload’s', () => {
    const before = new Map([
      ['gone', 10_000],
      ['a', 10_002],
      ['b', 1024],
    ]);
    expect([...assignPorts(['new', 'a', 'b', 'newer'], before)]).toEqual([
      ['new', 10_001],
      ['a', 10_002],
      ['b', 1024],
      ['newer', 10_003],
    ]);
  });

  it('says when there are no more', () => {
    const before = new Map(Array.from({ length: 55_536 }, (_, index) => [`w${index}`, 10_000 + index]));
    expect(() => assignPorts(['one'], before)).toThrow('1 workloads are more than there are ports');
  });
});
