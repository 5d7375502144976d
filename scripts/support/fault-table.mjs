/** What the fault tests came to: a row for each file, over all its runs. Node built-ins only. */

const HEAD = ['test', 'runs', 'passed', 'failed', 'tests a run', 'skipped', 'seconds (least to most)'];

export class FaultTable {
  #rows = new Map();

  /** @param {number} repeats how often each file is to run */
  constructor(repeats) {
    this.repeats = repeats;
  }

  /** @param {{ passed: number, failed: number, skipped: number, seconds: number }} result of one run of a file */
  add(file, result) {
    const name = file.replace(/\.test\.ts$/, '');
    this.#rows.set(name, [...(this.#rows.get(name) ?? []), result]);
  }

  /** Every file ran as often as it should, something passed in each run, and nothing failed. */
  get ok() {
    return [...this.#rows.values()].every(
      (runs) => runs.length === this.repeats && runs.every(({ passed, failed }) => failed === 0 && passed > 0),
    );
  }

  /** Columns of text. */
  get text() {
    const rows = [HEAD, ...[...this.#rows].map(([name, runs]) => this.#row(name, runs))];
    const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
    return rows
      .map((row) =>
        row
          .map((cell, column) => cell.padEnd(widths[column]))
          .join('  ')
          .trimEnd(),
      )
      .join('\n');
  }

  #row(name, runs) {
    const good = runs.filter(({ passed, failed }) => failed === 0 && passed > 0).length;
    const seconds = runs.map((run) => run.seconds);
    const tests = runs.map(({ passed, failed }) => passed + failed);
    return [
      name,
      String(runs.length),
      String(good),
      String(runs.length - good),
      String(Math.max(...tests)),
      String(Math.max(...runs.map(({ skipped }) => skipped))),
      `${Math.min(...seconds).toFixed(0)} to ${Math.max(...seconds).toFixed(0)}`,
    ];
  }
}
