import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

interface Case {
  readonly file: string;
  readonly code: string;
}
interface Message {
  readonly rule: string;
  readonly message: string;
}

/** One process for all cases: loading ESLint takes longer than linting. */
function lint(cases: readonly Case[]): Message[][] {
  const script = join(ROOT, 'test', 'support', 'lint-text.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [script], {
    cwd: ROOT,
    input: JSON.stringify(cases),
    encoding: 'utf8',
  });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as Message[][];
}

const importing = (source: string): string => `import { x } from '${source}';\nexport const y = x;\n`;
const direction = (from: string, to: string): RegExp => new RegExp(`^${from} may not import ${to};`);
const framework = /^lib must work without CDK for Terraform/;
const barrel = /loads the whole provider/;

/** File, what it imports, and what the message must say. */
const REFUSED: [string, string, RegExp][] = [
  ['lib/policy/x.ts', '../envoy/compile', direction('lib/policy', 'lib/envoy')],
  ['lib/policy/x.ts', '../envoy', direction('lib/policy', 'lib/envoy')],
  ['lib/policy/deep/x.ts', '../../gateway/start', direction('lib/policy', 'lib/gateway')],
  ['lib/policy/x.ts', '../cli/main', direction('lib/policy', 'lib/cli')],
  ['lib/policy/x.ts', '../index', direction('lib/policy', 'lib')],
  ['lib/policy/x.ts', '../../constructs/aws', direction('lib/policy', 'constructs/aws')],
  ['lib/policy/x.ts', '../../test/support/x', direction('lib/policy', 'test')],
  ['lib/policy/x.ts', '../../main', direction('lib/policy', '../../main')],
  ['lib/envoy/x.ts', '../gateway/start', direction('lib/envoy', 'lib/gateway')],
  ['lib/envoy/x.ts', '../cli/table', direction('lib/envoy', 'lib/cli')],
  ['lib/gateway/x.ts', '../cli/table', direction('lib/gateway', 'lib/cli')],
  ['lib/gateway/x.ts', '../proof/prove', direction('lib/gateway', 'lib/proof')],
  ['lib/proof/x.ts', '../../constructs/aws/tags', direction('lib/proof', 'constructs/aws')],
  ['lib/proof/x.ts', '../envoy/compile', direction('lib/proof', 'lib/envoy')],
  ['lib/cli/x.ts', '../../constructs/docker', direction('lib/cli', 'constructs/docker')],
  ['lib/index.ts', './cli/main', direction('lib', 'lib/cli')],
  ['lib/index.ts', '../constructs', direction('lib', 'constructs')],
  ['constructs/aws/x.ts', '../docker/x', direction('constructs/aws', 'constructs/docker')],
  ['constructs/docker/x.ts', '../../lib/cli/main', direction('constructs/docker', 'lib/cli')],
  ['lib/policy/x.ts', 'cdktf', framework],
  ['lib/gateway/x.ts', 'constructs', framework],
  ['lib/proof/x.ts', '@cdktf/provider-aws/lib/vpc', framework],
  ['lib/cli/x.ts', 'cdktf/lib/testing', framework],
  ['lib/index.ts', 'cdktf', framework],
  ['constructs/aws/x.ts', '@cdktf/provider-aws', barrel],
  ['constructs/aws/x.ts', '@cdktf/provider-aws/lib', barrel],
  ['constructs/aws/x.ts', '@cdktf/provider-aws/lib/index', barrel],
  ['constructs/docker/x.ts', '@cdktf/provider-docker', barrel],
  ['test/constructs/x.test.ts', '@cdktf/provider-aws', barrel],
  ['main.ts', '@cdktf/provider-aws', barrel],
];

const ACCEPTED: [string, string][] = [
  ['lib/policy/x.ts', './hosts'],
  ['lib/policy/deep/x.ts', '../hosts'],
  ['lib/policy/x.ts', 'yaml'],
  ['lib/envoy/x.ts', '../policy/policy'],
  ['lib/gateway/x.ts', '../envoy/compile'],
  ['lib/gateway/x.ts', '../policy'],
  ['lib/cli/x.ts', '../gateway/start'],
  ['lib/cli/commands/x.ts', '../../policy'],
  ['lib/proof/x.ts', '../network/cidr'],
  ['lib/index.ts', './policy'],
  ['constructs/aws/x.ts', '../../lib'],
  ['constructs/aws/x.ts', '@cdktf/provider-aws/lib/vpc'],
  ['constructs/docker/x.ts', 'cdktf'],
  ['constructs/aws/x.ts', '../names'],
  ['main.ts', './constructs/aws'],
];

/** Other ways to say `import`. */
const FORMS: [string, string][] = [
  ['a type import', "import type { X } from '../envoy/compile';\nexport type Y = X;\n"],
  ['an import for its effects', "import '../envoy/compile';\n"],
  ['a re-export', "export { x } from '../envoy/compile';\n"],
  ['a re-export of everything', "export * from '../envoy/compile';\n"],
  ['a dynamic import', "export const x = import('../envoy/compile');\n"],
  ['require', "export const x: unknown = require('../envoy/compile');\n"],
  ['import = require', "import x = require('../envoy/compile');\nexport const y: unknown = x;\n"],
  ['a type by import()', "export type X = import('../envoy/compile').X;\n"],
];

const lines = (count: number): string =>
  Array.from({ length: count }, (_, i) => `export const x${i} = ${i};\n`).join('');
const longFunction = `export function f(): void {\n${'  f();\n'.repeat(60)}}\n`;

/** File, code, the rule that must speak. */
const STYLE: [string, string, string, string][] = [
  ['console in lib', 'lib/policy/x.ts', "console.log('x');\n", 'no-console'],
  ['console in constructs', 'constructs/aws/x.ts', "console.log('x');\n", 'no-console'],
  ['any', 'lib/policy/x.ts', 'export const x: any = 1;\n', '@typescript-eslint/no-explicit-any'],
  ['a file of 301 lines', 'lib/policy/x.ts', lines(301), 'max-lines'],
  ['a function of 62 lines', 'lib/policy/x.ts', longFunction, 'max-lines-per-function'],
  ['a function of 62 lines in a script', 'scripts/x.mjs', longFunction.replace(': void', ''), 'max-lines-per-function'],
];

describe('the lint configuration', () => {
  const cases: Case[] = [
    ...REFUSED.map(([file, source]) => ({ file, code: importing(source) })),
    ...ACCEPTED.map(([file, source]) => ({ file, code: importing(source) })),
    ...FORMS.map(([, code]) => ({ file: 'lib/policy/x.ts', code })),
    ...STYLE.map(([, file, code]) => ({ file, code })),
    { file: 'lib/cli/x.ts', code: "console.log('x');\n" },
    { file: 'lib/policy/x.ts', code: lines(300) },
  ];
  let found: Map<string, Message[]>;
  const messagesOf = (file: string, code: string): Message[] => found.get(`${file}\n${code}`) ?? [];

  beforeAll(() => {
    const results = lint(cases);
    found = new Map(cases.map(({ file, code }, index) => [`${file}\n${code}`, results[index] ?? []]));
  }, 60_000);

  it.each(REFUSED)('refuses that %s imports %s', (file, source, expected) => {
    const messages = messagesOf(file, importing(source));
    expect(messages.map(({ rule }) => rule)).toEqual(['own/one-way-imports']);
    expect(messages[0]?.message).toMatch(expected);
  });

  it.each(ACCEPTED)('accepts that %s imports %s', (file, source) => {
    expect(messagesOf(file, importing(source))).toEqual([]);
  });

  it.each(FORMS)('sees %s', (_, code) => {
    expect(messagesOf('lib/policy/x.ts', code).map(({ rule }) => rule)).toContain('own/one-way-imports');
  });

  it.each(STYLE)('refuses %s', (_, file, code, rule) => {
    expect(messagesOf(file, code).map((message) => message.rule)).toContain(rule);
  });

  it('lets the CLI print, and files have 300 lines', () => {
    expect(messagesOf('lib/cli/x.ts', "console.log('x');\n")).toEqual([]);
    expect(messagesOf('lib/policy/x.ts', lines(300))).toEqual([]);
  });
});
