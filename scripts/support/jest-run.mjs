/** How one jest project is run so that its counts can be read. Node built-ins only. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fromRoot } from './project.mjs';

const COUNTS = '.counts.json';

/**
 * Not jest's own `--json`: that fails on an assertion whose values refer to each other, such as two sockets.
 * @param {string} [name] of this run among those whose counts are in `folder`; default: the project
 * @returns {{ args: string[], env: NodeJS.ProcessEnv }} the command line after `node`, and what to add to the environment
 */
export function jestRun(project, folder, extra, name = project) {
  const bin = fromRoot('node_modules', 'jest', 'bin', 'jest.js');
  const reporters = ['--reporters=default', `--reporters=${fromRoot('scripts', 'support', 'counts-reporter.mjs')}`];
  return {
    // An option that takes a list takes all that follows up to the next option, and `extra` may begin with a pattern of files.
    args: [bin, ...reporters, '--selectProjects', project, '--passWithNoTests', ...extra],
    env: { MCP_EGRESS_COUNTS: join(folder, `${name}${COUNTS}`) },
  };
}

/** Sums the counts of the runs that came to their end. */
export function readCounts(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith(COUNTS));
  const counts = files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
  const sum = (key) => counts.reduce((total, each) => total + each[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}
