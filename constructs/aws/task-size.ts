import { Token } from 'cdktf';

/** Memory in MiB that Fargate takes with each CPU value (Amazon ECS developer guide, "Task CPU and memory"): from, to, in steps of. */
const SIZES: Readonly<Record<number, readonly [number, number, number]>> = {
  256: [512, 2048, 512],
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16_384: [32_768, 122_880, 8192],
};

/** Whether Fargate has a size: AWS says so at deployment only. */
export function checkTaskSize(cpu: number, memoryLimitMiB: number): string[] {
  if (Token.isUnresolved(cpu) || Token.isUnresolved(memoryLimitMiB)) return [];
  const size = SIZES[cpu];
  if (!size) return [`cpu: ${cpu} is not a size of Fargate; use ${Object.keys(SIZES).join(', ')}.`];
  const [from, to, step] = size;
  const fits = memoryLimitMiB >= from && memoryLimitMiB <= to && memoryLimitMiB % step === 0;
  // 256 units take 512, 1024 and 2048, and nothing between the last two.
  if (fits && !(cpu === 256 && memoryLimitMiB === 1536)) return [];
  const choices = cpu === 256 ? '512, 1024 or 2048' : `${from} to ${to} in steps of ${step}`;
  return [`memoryLimitMiB: ${memoryLimitMiB} does not go with cpu ${cpu}; Fargate takes ${choices}.`];
}
