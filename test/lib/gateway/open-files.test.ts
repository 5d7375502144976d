import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionsThatFit, fewFilesWarning, openFileLimit } from '../../../lib/gateway/open-files';

describe('the limit on open files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-egress-limits-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const limitIn = (line: string): number | undefined => {
    const file = join(folder, 'limits');
    writeFileSync(file, `Limit    Soft Limit   Hard Limit   Units\n${line}\nMax locked memory 65536 65536 bytes\n`);
    return openFileLimit(file);
  };

  it('is the soft one of the process, as Linux tells it', () => {
    expect(limitIn('Max open files            4096                 524288               files')).toBe(4096);
  });

  it.each([
    ['unlimited', 'Max open files            unlimited            unlimited            files'],
    ['no', 'Max cpu time unlimited'],
  ])('is unknown where there is %s number', (_what, line) => {
    expect(limitIn(line)).toBeUndefined();
  });

  it('is unknown where the system has no such file', () => {
    expect(openFileLimit(join(folder, 'missing'))).toBeUndefined();
  });
});

describe('connections that fit', () => {
  it.each([
    [1024, 262],
    [20_000, 9750],
    [600, 50],
    [100, 16],
  ])('into %d open files are %d, two files each', (files, connections) => {
    expect(connectionsThatFit(files)).toBe(connections);
  });

  it('are the default where there is room, or where nobody knows', () => {
    expect(connectionsThatFit(65_536)).toBeUndefined();
    expect(connectionsThatFit(undefined)).toBe(connectionsThatFit(openFileLimit()));
  });

  it('are told where they are few, with what to do', () => {
    expect(fewFilesWarning(1024)).toBe(
      'a process may open 1024 files here (ulimit -n), so at most 262 connections at a time are taken; raise it to 65536',
    );
    expect(fewFilesWarning(20_000)).toBeUndefined();
    expect(fewFilesWarning(65_536)).toBeUndefined();
  });
});
