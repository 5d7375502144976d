import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Group } from './case';
import { loadCorpus } from './corpus';
import { faultsOf, rowOf, table, totalOf, type Row } from './report';
import { Arena } from './run-corpus';

/**
 * The part of `npm run test:bypass` that is TypeScript: `main.ts --run GROUP --to FILE` runs one group, inside a namespace, and writes what
 * came out; `main.ts FILE...` prints the files of all groups that were run as one report.
 */

interface Result {
  readonly row: Row;
  /** What speaks against the gateway or the corpus, in words. */
  readonly faults: readonly string[];
}

async function runGroup(group: Group, outcomes: boolean): Promise<Result> {
  const arena = new Arena();
  try {
    await arena.open();
    const gateway = await arena.run('gateway', group);
    const open = await arena.run('open', group);
    if (outcomes) {
      gateway.forEach((outcome, at) => console.error(JSON.stringify({ ...outcome, open: open[at]?.escapes })));
    }
    return { row: rowOf(group, gateway, open), faults: faultsOf(group, gateway, open) };
  } finally {
    await arena.close();
  }
}

/** Prints results of runs, and nothing else. @returns the exit code: 1 where anything speaks against the gateway */
function report(files: readonly string[], json: boolean): number {
  const results = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Result);
  const rows = results.map(({ row }) => row).sort((a, b) => (a.group < b.group ? -1 : 1));
  const faults = results.flatMap((result) => result.faults).sort();
  console.log(json ? JSON.stringify({ groups: rows, total: totalOf(rows), faults }, null, 2) : table(rows));
  for (const fault of faults) console.error(fault);
  return faults.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      run: { type: 'string' },
      to: { type: 'string' },
      json: { type: 'boolean', default: false },
      outcomes: { type: 'boolean', default: false },
    },
  });
  if (values.run === undefined || values.to === undefined) return report(positionals, values.json);
  const [group] = loadCorpus([values.run]);
  writeFileSync(values.to, JSON.stringify(await runGroup(group as Group, values.outcomes)));
  return 0;
}

void main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 70;
  },
);
