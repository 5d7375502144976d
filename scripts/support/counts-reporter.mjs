/** A jest reporter that writes how many tests passed, failed and were skipped to the file MCP_EGRESS_COUNTS. Node built-ins only. */
import { writeFileSync } from 'node:fs';

export default class CountsReporter {
  /** A file of tests that could not even be loaded counts as one failed test. */
  onRunComplete(_contexts, results) {
    const counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(process.env.MCP_EGRESS_COUNTS, JSON.stringify(counts));
  }
}
