import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../support/processes';

const ROOT = join(__dirname, '..', '..', '..');

/** A cdktf app of this repository. */
export interface AppUnderTest {
  /** `main`, or the name of a folder in examples/. */
  readonly name: string;
  /** Its main.ts. */
  readonly main: string;
}

/** What `cdktf synth` wrote for one stack. */
export interface SynthesizedStack {
  readonly name: string;
  /** cdk.tf.json. */
  readonly file: string;
  /** Stacks of the same app that must be there before. */
  readonly dependencies: readonly string[];
}

const isForAws = (main: string): boolean => readFileSync(main, 'utf8').includes('cdktf-mcp-egress/aws');

/** main.ts and the main.ts of every folder in examples/ that is for AWS, in the order of their names. */
export function appsUnderTest(root = ROOT): AppUnderTest[] {
  const examples = join(root, 'examples');
  const names = existsSync(examples) ? readdirSync(examples).sort() : [];
  const apps = names.map((name) => ({ name, main: join(examples, name, 'main.ts') }));
  return [
    { name: 'main', main: join(root, 'main.ts') },
    ...apps.filter(({ main }) => existsSync(main) && isForAws(main)),
  ];
}

/** Everything beside an example's main.ts that is no source; of the root, its policy. */
function copyInputs(app: AppUnderTest, folder: string): void {
  const from = dirname(app.main);
  const isInput = (name: string): boolean =>
    app.name === 'main' ? name === 'egress.yaml' : !name.endsWith('.ts') && name !== 'node_modules';
  for (const name of readdirSync(from).filter(isInput))
    cpSync(join(from, name), join(folder, name), { recursive: true });
}

/**
 * Synthesizes an app as `cdktf synth` does, in a folder of its own where its inputs are.
 * @returns the stacks, each after those that it depends on; the caller removes `folder`
 */
export async function synthesize(
  app: AppUnderTest,
  folder = mkdtempSync(join(tmpdir(), 'synth-')),
): Promise<{ folder: string; stacks: SynthesizedStack[] }> {
  copyInputs(app, folder);
  const out = join(folder, 'cdktf.out');
  const env = { ...process.env, CDKTF_OUTDIR: out, NO_COLOR: '1' };
  const args = ['--no-deprecation', '--import', require.resolve('tsx'), app.main];
  const { code, stderr } = await run(process.execPath, args, { cwd: folder, env });
  if (code !== 0) throw new Error(`${app.name}: synth ended with ${code}:\n${stderr}`);
  return { folder, stacks: inOrder(readStacks(out)) };
}

interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly synthesizedStackPath: string; readonly dependencies: string[] }>>;
}

function readStacks(out: string): SynthesizedStack[] {
  const { stacks } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Manifest;
  return Object.entries(stacks).map(([name, { synthesizedStackPath, dependencies }]) => ({
    name,
    file: join(out, synthesizedStackPath),
    dependencies,
  }));
}

function inOrder(stacks: readonly SynthesizedStack[]): SynthesizedStack[] {
  const done: SynthesizedStack[] = [];
  for (let rest = [...stacks]; rest.length > 0;) {
    const ready = rest.filter(({ dependencies }) =>
      dependencies.every((name) => done.some((stack) => stack.name === name)),
    );
    if (ready.length === 0) throw new Error(`${rest.map(({ name }) => name).join(', ')} depend on each other`);
    done.push(...ready);
    rest = rest.filter((stack) => !ready.includes(stack));
  }
  return done;
}
