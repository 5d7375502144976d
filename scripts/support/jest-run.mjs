/** Runs one jest project and keeps its counts. Node built-ins only. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromRoot } from './project.mjs';

/** The command line after `node`; the counts go to `folder`. */
export function jestArgs(project, folder, extra) {
  const bin = fromRoot('node_modules', 'jest', 'bin', 'jest.js');
  const output = ['--json', `--outputFile=${join(folder, `${project}.json`)}`];
  return [bin, '--selectProjects', project, '--passWithNoTests', ...output, ...extra];
}

/** Sums the counts of the projects that ran; a file that could not even be loaded counts as one failed test. */
export function readCounts(folder, projects) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of projects.map((project) => join(folder, `${project}.json`)).filter((path) => existsSync(path))) {
    const result = JSON.parse(readFileSync(file, 'utf8'));
    counts.passed += result.numPassedTests;
    counts.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    counts.skipped += result.numPendingTests + result.numTodoTests;
  }
  return counts;
}
