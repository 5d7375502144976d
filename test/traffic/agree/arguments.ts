import { parseArgs } from 'node:util';
import { requestsFor } from './agreement';

/** What a run is to do. */
export interface Arguments {
  readonly pairs: number;
  readonly seed: number;
  readonly requestsPerPolicy: number;
  readonly path?: string;
}

/** An argument that is not known or not right. */
export class UsageError extends Error {}

/**
 * Reads the command line of `npm run test:agree`.
 * @throws {UsageError}
 */
export function readArguments(args: readonly string[]): Arguments {
  const values = parse(args);
  const whole = (name: string, otherwise: number, lowest: number): number => {
    const text = values[name];
    if (text === undefined) return otherwise;
    if (/^-?\d{1,10}$/.test(text) && Number(text) >= lowest) return Number(text);
    throw new UsageError(
      `--${name} ${JSON.stringify(text)} is not a whole number from ${lowest} on; write one like ${otherwise}`,
    );
  };
  const { path } = values;
  if (path !== undefined && !/^\d+(:\d+)*$/.test(path))
    throw new UsageError(`--path ${JSON.stringify(path)} is not a path; a failed run prints one like 12:1:0`);
  const pairs = whole('pairs', 10_000, 1);
  return {
    pairs,
    seed: whole('seed', Date.now() % 2 ** 31, -(2 ** 31)),
    requestsPerPolicy: whole('requests-per-policy', requestsFor(pairs), 1),
    ...(path !== undefined && { path }),
  };
}

const NAMES = ['pairs', 'seed', 'requests-per-policy', 'path'];

function parse(args: readonly string[]): Readonly<Record<string, string | undefined>> {
  const options = Object.fromEntries(NAMES.map((name) => [name, { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
