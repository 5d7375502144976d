import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run, type Ended } from './processes';

export const ROOT = join(__dirname, '..', '..');
const PEERS = ['cdktf', 'constructs', '@cdktf/provider-aws', '@cdktf/provider-docker'];

interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}
interface Packed {
  readonly filename: string;
  readonly integrity: string;
  readonly files: readonly { readonly path: string }[];
}

/** A folder like that of somebody who installed the packed package. */
export class PackedApp {
  readonly folder = mkdtempSync(join(tmpdir(), 'packed-app-'));
  /** What the tarball holds, sorted. */
  files: readonly string[] = [];

  /** Packs what `npm publish` would publish, and installs it with its dependencies and no peer. */
  async install(): Promise<void> {
    const { stdout } = await this.npm(['pack', ROOT, '--ignore-scripts', '--json']);
    const [packed] = JSON.parse(stdout) as Packed[];
    if (!packed) throw new Error('npm pack made nothing');
    this.files = packed.files.map(({ path }) => path).sort();
    this.write('package.json', { name: 'app', version: '1.0.0', private: true, dependencies: fromFile(packed) });
    this.write('package-lock.json', lockOf(packed));
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    // The files are in npm's cache from the install of this project, unless somebody emptied it.
    await this.npm([...args, '--offline']).catch(() => this.npm([...args, '--prefer-offline']));
  }

  /** Adds the peers, as an app for CDK for Terraform has them (by links: they weigh 400 MB). */
  linkPeers(): void {
    for (const name of PEERS) {
      const link = this.path('node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', name), link, 'dir');
    }
  }

  /** Copies a file of `cdktf init --template=typescript`. */
  copyFromTemplate(name: string): void {
    cpSync(join(ROOT, 'node_modules', 'cdktf-cli', 'bundle', 'templates', 'typescript', name), this.path(name));
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  write(name: string, content: unknown): void {
    writeFileSync(this.path(name), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }

  /** Runs an installed command, as npx finds it. */
  bin(name: string, args: readonly string[], input?: string): Promise<Ended> {
    return run(this.path('node_modules', '.bin', name), args, { cwd: this.folder, env: plainEnv(), input });
  }

  node(args: readonly string[]): Promise<Ended> {
    return run(process.execPath, args, { cwd: this.folder, env: plainEnv() });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async npm(args: readonly string[]): Promise<Ended> {
    const ended = await run('npm', args, { cwd: this.folder, env: plainEnv() });
    if (ended.code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${ended.code}:\n${ended.stderr}`);
    return ended;
  }
}

/** Without what the npm and the jest around us have set. */
function plainEnv(): NodeJS.ProcessEnv {
  const ours = /^(npm_(?!config_(cache|registry|userconfig)$)|NODE_ENV$|JEST_)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

function fromFile(packed: Packed): Record<string, string> {
  return { 'cdktf-mcp-egress': `file:${packed.filename}` };
}

/** A lockfile with the versions of this project's, so that the install needs no registry. */
function lockOf(packed: Packed): unknown {
  const read = (name: string): Record<string, unknown> =>
    JSON.parse(readFileSync(join(ROOT, name), 'utf8')) as Record<string, unknown>;
  const ours = read('package-lock.json').packages as Record<string, LockEntry>;
  const { version, dependencies, bin, engines, peerDependencies, peerDependenciesMeta } = read('package.json');
  const { filename, integrity } = packed;
  const runtime = Object.entries(ours).filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional);
  const self = { version, resolved: `file:${filename}`, integrity, dependencies, bin, engines };
  const packages = {
    '': { name: 'app', version: '1.0.0', dependencies: fromFile(packed) },
    'node_modules/cdktf-mcp-egress': { ...self, peerDependencies, peerDependenciesMeta },
    ...Object.fromEntries(runtime),
  };
  return { name: 'app', version: '1.0.0', lockfileVersion: 3, requires: true, packages };
}
