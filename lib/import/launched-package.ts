import { launchedImage } from './launched-image';
import { looksSecret } from './looks-secret';

/** npm's names (https://docs.npmjs.com/cli/v10/configuring-npm/package-json#name), with a version or tag. */
const NPM = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(?:@[\w.^~-]+)?$/;
/** Names of the Python package index (PEP 508), with extras and a version. */
const PYPI = /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[A-Za-z0-9,._-]+\])?(?:(?:==|@)[\w.]+)?$/;

interface Launcher {
  readonly kind: string;
  readonly name: RegExp;
  /** Options without a value. */
  readonly flags: readonly string[];
  /** Options whose value is the package. */
  readonly from: readonly string[];
}

const NPX: Launcher = {
  kind: 'npm',
  name: NPM,
  flags: ['-y', '--yes', '-q', '--quiet', '--'],
  from: ['-p', '--package'],
};
const UVX: Launcher = {
  kind: 'Python',
  name: PYPI,
  flags: ['-q', '--quiet', '--isolated', '--refresh', '--offline', '--no-cache', '-n', '--native-tls'],
  from: ['--from', '--spec'],
};

/** Commands that fetch a package and run it, with the words in front of its name. */
const LAUNCHERS: readonly (readonly [words: readonly string[], launcher: Launcher])[] = [
  [['npx'], NPX],
  [['bunx'], NPX],
  [['bun', 'x'], NPX],
  [['npm', 'exec'], NPX],
  [['pnpm', 'dlx'], NPX],
  [['yarn', 'dlx'], NPX],
  [['uvx'], UVX],
  [['uv', 'tool', 'run'], UVX],
  [['pipx', 'run'], UVX],
];

/**
 * What a command runs, as far as it can be said without repeating an argument that may be a secret: a package or an image by its
 * name, else the name of the program.
 */
export function whatRuns(command: string, args: readonly string[]): string {
  // Windows needs `cmd /c npx …`.
  const isShell = baseName(command) === 'cmd' && args[0]?.toLowerCase() === '/c';
  return isShell ? programWords(baseName(args[1] ?? ''), args.slice(2)) : programWords(baseName(command), args);
}

function programWords(program: string, args: readonly string[]): string {
  const image = launchedImage(program, args);
  if (image !== undefined) return `image ${image}, run by ${program}`;
  const words = [program, ...args];
  for (const [beginning, launcher] of LAUNCHERS) {
    if (beginning.some((word, index) => words[index] !== word)) continue;
    const name = packageIn(words.slice(beginning.length), launcher);
    if (name !== undefined) return `${launcher.kind} package ${name}, run by ${program}`;
  }
  return /^[A-Za-z0-9][\w.+-]{0,40}$/.test(program) && !looksSecret(program) ? `run by ${program}` : 'run by a program';
}

/** A path with a space, which only Windows has; elsewhere arguments may follow the space. */
const WINDOWS = /^[a-z]:\\[^/]*\.(?:exe|cmd|bat)$/i;

/** The name of a program without its folder and the endings of Windows; empty where the text may hold arguments. */
function baseName(command: string): string {
  if (/\s/.test(command) && !WINDOWS.test(command)) return '';
  return (command.split(/[\\/]/).at(-1) ?? '').replace(/\.(?:exe|cmd|bat)$/i, '');
}

/** Gives up at an option that is not known: what follows may be its value. */
function packageIn(args: readonly string[], { name, flags, from }: Launcher): string | undefined {
  for (const [index, arg] of args.entries()) {
    if (flags.includes(arg)) continue;
    const joined = from.find((option) => option.startsWith('--') && arg.startsWith(`${option}=`));
    const text = joined ? arg.slice(joined.length + 1) : from.includes(arg) ? (args[index + 1] ?? '') : arg;
    return text.length <= 120 && !text.startsWith('-') && name.test(text) && !looksSecret(text) ? text : undefined;
  }
  return undefined;
}
