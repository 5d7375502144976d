import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type Ended, type RunOptions } from '../../../support/processes';

const ROOT = join(__dirname, '../../../..');
/** The built CLI, as npx runs it; `npm test` builds it first. */
export const MAIN = join(ROOT, 'dist/lib/cli/main.js');

/** Nothing of whoever runs the tests: no colours forced, no proxy, no Envoy of theirs. */
export const PLAIN_ENV: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: process.env.HOME };

/** A policy with one of everything that `explain` tells apart. */
export const POLICY = `version: 1
workloads:
  web-search:
    port: 10000
    allow:
      - host: api.example.com
        reason: search API, SEC-142
        owner: search-team
        expires: 2030-06-30
      - host: plain.example.org
        protocol: http
        methods: [GET]
      - host: db.example.org
        protocol: tcp
        ports: [5432]
        reason: replica
`;

/** A folder of its own, in which commands run. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'cli-test-'));

  write(name: string, content: string): string {
    writeFileSync(join(this.path, name), content);
    return join(this.path, name);
  }

  /** Runs the CLI here. */
  cli(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const env = { ...PLAIN_ENV, ...options.env };
    return run(process.execPath, [MAIN, ...args], { cwd: this.path, ...options, env });
  }

  /** Runs the CLI on a terminal; what it shows comes back as `stdout`. */
  onTerminal(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const python = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';
    const command = ['-c', python, process.execPath, MAIN, ...args];
    return run('python3', command, { cwd: this.path, env: { ...PLAIN_ENV, TERM: 'xterm', ...env } });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A folder for the tests of one `describe`. */
export function useFolder(): { readonly current: Folder } {
  const holder = { current: undefined as unknown as Folder };
  beforeEach(() => {
    holder.current = new Folder();
  });
  afterEach(() => holder.current.remove());
  return holder;
}

/** What a terminal would obey, in any output. */
export const ESCAPES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/; // eslint-disable-line no-control-regex
/** A line of a stack trace. */
export const STACK = /^\s+at .+:\d+:\d+/m;
