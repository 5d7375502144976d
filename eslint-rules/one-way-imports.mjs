/**
 * The arrows between the folders, as an ESLint rule: every import, re-export, `import()`, `require()` and `import('…')` type
 * is judged by the file that it names (lexically, so the file need not exist) or by the package that it names.
 */
import { posix, sep } from 'node:path';

/** The parts of lib that others build on. */
const PARTS = [
  'lib/policy',
  'lib/envoy',
  'lib/gateway',
  'lib/delivery',
  'lib/network',
  'lib/docker',
  'lib/proof',
  'lib/logs',
  'lib/learn',
  'lib/cases',
  'lib/report',
];

/** Which folder may use which; a folder may always use itself, and a folder that is not listed may use everything. */
const MAY_USE = {
  'lib/policy': [],
  'lib/import': ['lib/policy'],
  'lib/envoy': ['lib/policy'],
  'lib/gateway': ['lib/policy', 'lib/envoy'],
  'lib/cases': ['lib/policy'],
  'lib/learn': ['lib/policy', 'lib/logs'],
  'lib/logs': ['lib/policy', 'lib/gateway'],
  'lib/report': ['lib/policy', 'lib/gateway', 'lib/logs', 'lib/proof'],
  'lib/delivery': ['lib/policy', 'lib/envoy', 'lib/gateway'],
  'lib/network': ['lib/policy'],
  'lib/proof': ['lib/policy', 'lib/network'],
  'lib/docker': ['lib/policy', 'lib/envoy', 'lib/delivery', 'lib/network'],
  'lib/cli': [...PARTS, 'lib/import', 'lib'],
  lib: PARTS,
  'constructs/aws': [...PARTS, 'lib', 'constructs'],
  'constructs/docker': [...PARTS, 'lib', 'constructs'],
  constructs: [...PARTS, 'lib'],
};

const FRAMEWORK = /^(cdktf|cdktn|constructs|@cdktf\/.*|@cdktn\/.*|cdktf-cli)(\/|$)/;
const PROVIDER = /^@(?:cdktf|cdktn)\/provider-/;
const PROVIDER_RESOURCE = /^@(?:cdktf|cdktn)\/provider-[^/]+\/lib\/(?!index(?:\.js)?$)[^/]+/;

/** `lib/policy/x/y.ts` -> `lib/policy`; `lib/index.ts` -> `lib`; `main.ts` -> ``. */
function folderOf(path) {
  const parts = path.split('/');
  if (parts.length > 2 && `${parts[0]}/${parts[1]}` in MAY_USE) return `${parts[0]}/${parts[1]}`;
  return parts.length > 1 ? parts[0] : '';
}

/** Where a relative import points, inside the project: `lib/policy/x.ts` + `../envoy` -> `lib/envoy`, and whether that is a folder. */
function targetFolder(file, source) {
  const target = posix.normalize(posix.join(posix.dirname(file), source));
  return target in MAY_USE ? target : folderOf(target);
}

function problem(file, source) {
  if (PROVIDER.test(source) && !PROVIDER_RESOURCE.test(source)) return { messageId: 'barrel', data: { source } };
  const from = folderOf(file);
  const allowed = MAY_USE[from];
  if (!source.startsWith('.')) {
    return from.split('/')[0] === 'lib' && FRAMEWORK.test(source)
      ? { messageId: 'framework', data: { source } }
      : undefined;
  }
  const to = targetFolder(file, source);
  if (allowed === undefined || to === from || allowed.includes(to)) return undefined;
  return {
    messageId: 'direction',
    data: { from, to: to || source, allowed: allowed.join(', ') || 'nothing of the project' },
  };
}

/** @type {import('eslint').Rule.RuleModule} */
export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      direction: '{{from}} may not import {{to}}; it may import {{allowed}}.',
      framework:
        "lib must work without CDK for Terraform, so it may not import '{{source}}'; move this to constructs/.",
      barrel:
        "'{{source}}' loads the whole provider (3 s, 580 MB for AWS); import '@cdktf/provider-<name>/lib/<resource>'.",
    },
  },
  create(context) {
    const file = context.filename
      .slice(context.cwd.length + 1)
      .split(sep)
      .join('/');
    const check = (node) => {
      const found = typeof node?.value === 'string' ? problem(file, node.value) : undefined;
      if (found) context.report({ node, ...found });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
      TSExternalModuleReference: (node) => check(node.expression),
      CallExpression: (node) => node.callee.name === 'require' && check(node.arguments[0]),
    };
  },
};
