/** Runs the stages of a test run one after another, times them, and remembers which of them failed. Node built-ins only. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ROOT } from './project.mjs';

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

export class Stages {
  #started = Date.now();
  #done = [];

  /**
   * @param {string} name
   * @param {() => Promise<boolean> | boolean} work whether it went well; what it throws is printed and counts as a failure
   * @param {{ after?: string[] }} [options] stages without which this one would say nothing true; if one failed, this one fails too
   */
  async run(name, work, { after = [] } = {}) {
    const started = Date.now();
    const missing = after.find((other) => this.failed(other));
    console.error(`\n== ${name} (at ${seconds(this.#started)})`);
    let ok = false;
    if (missing) console.error(`not run, because "${missing}" failed`);
    else {
      try {
        ok = await work();
      } catch (error) {
        console.error(error instanceof Error ? error.message : error);
      }
    }
    this.#done.push({ name, ok, took: missing ? 'not run' : seconds(started) });
    return ok;
  }

  failed(name) {
    return this.#done.some((stage) => stage.name === name && !stage.ok);
  }

  get ok() {
    return this.#done.every((stage) => stage.ok);
  }

  /** Such as `build 4.1 s, types 6.0 s, lint FAILED (9.2 s)`. */
  get summary() {
    return this.#done.map(({ name, ok, took }) => (ok ? `${name} ${took}` : `${name} FAILED (${took})`)).join(', ');
  }
}

/** Runs `node` with `args` in the project's folder and says whether it ended with exit code 0. */
export async function node(args, env = process.env) {
  const [code] = await once(spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env }), 'exit');
  return code === 0;
}
