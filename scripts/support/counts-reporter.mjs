/** A jest reporter that writes how many tests passed, failed and were skipped to the file MCP_EGRESS_COUNTS. Node built-ins only. */
import { writeFileSync } from 'node:fs';

/** How long a test run may go on after its last test. */
const PATIENCE_MS = 60_000;

export default class CountsReporter {
  #patience;

  /** @param {{ patienceMs?: number }} [options] */
  constructor(_config, { patienceMs = PATIENCE_MS } = {}) {
    this.#patience = patienceMs;
  }

  /** A file of tests that could not even be loaded counts as one failed test. */
  onRunComplete(_contexts, results) {
    const counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(process.env.MCP_EGRESS_COUNTS, JSON.stringify(counts));
    // Jest waits for ever for what a failed test left open, and the stages behind it would never run.
    setTimeout(() => {
      console.error(`This run did not end by itself within ${this.#patience} ms: a test left something open.`);
      process.exit(1);
    }, this.#patience).unref();
  }
}
