import { Readable } from 'node:stream';
import type { LogRecord } from '../../../lib/gateway/log-line';
import { noLines, readLog } from '../../../lib/logs';
import { line } from './hostile';

test('decisions are read, the first lines of tunnels are skipped, everything else is counted', async () => {
  const text = [
    '[info] starting',
    line({ decision: 'pending', reason: 'pending' }),
    line({ layer: 'tunnel', decision: 'allowed', reason: 'rule' }),
    '',
    line({ authority: 'b.example.com:443' }),
    '{"layer":"sync","event":"applied"}',
    '{ broken',
  ].join('\n');
  const records: LogRecord[] = [];
  const counts = noLines();
  await readLog(Readable.from([Buffer.from(text)]), counts, (record) => records.push(record));
  expect(counts).toEqual({ lines: 6, decisions: 2, pending: 1, foreign: 3 });
  expect(records.map(({ decision }) => decision)).toEqual(['allowed', 'denied']);
});

test('what the stream throws comes out', async () => {
  const broken = new Readable({ read: () => void broken.destroy(new Error('gone')) });
  await expect(readLog(broken, noLines(), () => undefined)).rejects.toThrow('gone');
});
