import { Token } from 'cdktf';
import { checkTaskSize } from '../../../constructs/aws/task-size';

test.each([
  [256, 512],
  [256, 2048],
  [512, 1024],
  [512, 4096],
  [1024, 8192],
  [2048, 16_384],
  [4096, 30_720],
  [8192, 61_440],
  [16_384, 122_880],
])('%d with %d MiB is a size of Fargate', (cpu, memory) => {
  expect(checkTaskSize(cpu, memory)).toEqual([]);
});

test.each([
  [256, 1536, '512, 1024 or 2048'],
  [256, 4096, '512, 1024 or 2048'],
  [512, 512, '1024 to 4096 in steps of 1024'],
  [512, 1500, '1024 to 4096 in steps of 1024'],
  [8192, 20_000, '16384 to 61440 in steps of 4096'],
])('%d with %d MiB is not', (cpu, memory, choices) => {
  expect(checkTaskSize(cpu, memory)).toEqual([
    `memoryLimitMiB: ${memory} does not go with cpu ${cpu}; Fargate takes ${choices}.`,
  ]);
});

test('a cpu that Fargate has not is answered with those it has', () => {
  expect(checkTaskSize(300, 512)).toEqual([
    'cpu: 300 is not a size of Fargate; use 256, 512, 1024, 2048, 4096, 8192, 16384.',
  ]);
});

test('tokens are not judged', () => {
  const token = Token.asNumber({ resolve: () => 1 });
  expect(checkTaskSize(token, 512)).toEqual([]);
  expect(checkTaskSize(256, token)).toEqual([]);
});
