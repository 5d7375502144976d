import { LineCounter, parseDocument, visit, type Document, type YAMLError } from 'yaml';
import { locateInYaml } from './locate-yaml';
import { Problems } from './problems';
import { escapeUnprintable, quote } from '../quote';

/** Aliases may repeat a part of the policy, but not blow it up: the factor that `yaml` allows. */
const MAX_ALIAS_COUNT = 100;

/** What a text holds: its plain value (undefined if it cannot be read) and the problems found on the way, with their places. */
export interface Parsed {
  readonly value: unknown;
  readonly problems: Problems;
}

/**
 * Reads one YAML 1.2 document (core schema: `no`, `on` and dates are text).
 * @param text The policy's text.
 * @param file The name that places carry.
 */
export function parseYaml(text: string, file: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { version: '1.2', lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const problems = new Problems(locateInYaml(document, lines, file));
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  for (const error of document.errors) {
    const duplicate = error.code === 'DUPLICATE_KEY';
    const code = duplicate ? 'duplicate_key' : error.code === 'MULTIPLE_DOCS' ? 'yaml_feature' : 'yaml_syntax';
    problems.addAt(code, place(error.pos[0]), duplicate ? duplicateKey(text, error) : syntaxMessage(error));
  }
  refuseFeatures(document, text, problems, place);
  if (document.contents === null && problems.list.length === 0) {
    problems.addAt(
      'empty_file',
      place(0),
      'the policy is empty; write `version: 1`, which alone means that nothing leaves',
    );
  }
  const readable = document.errors.every((error) => error.code === 'DUPLICATE_KEY') && document.contents !== null;
  return { value: readable ? toValue(document, problems, place) : undefined, problems };
}

type Place = (offset: number) => { file: string; line: number; column: number };

function syntaxMessage(error: YAMLError): string {
  if (error.code === 'MULTIPLE_DOCS') {
    return 'a second document begins here; one file holds one policy: remove the `---`, or write two files and give both to --policy';
  }
  if (error.code === 'TAB_AS_INDENT') return 'a tab stands in the indentation; YAML wants spaces';
  return `not valid YAML: ${escapeUnprintable(error.message)}`;
}

function duplicateKey(text: string, error: YAMLError): string {
  const key = /^"(?:[^"\\]|\\.)*"|^'[^']*'|^[^:\n]*/.exec(text.slice(error.pos[0]))?.[0].trim() ?? '';
  const name = quote(key.replace(/^(["'])(.*)\1$/, '$2'));
  return `the key ${name} stands here a second time; a key stands once: write its values together, or remove one`;
}

/** Tags and other YAML versions change what a text means, and no policy needs them. */
function refuseFeatures(document: Document.Parsed, text: string, problems: Problems, place: Place): void {
  const { version, explicit } = document.directives.yaml;
  if (explicit && version !== '1.2') {
    problems.addAt(
      'yaml_feature',
      place(0),
      `%YAML ${version} changes what words like "no" mean; remove the line, YAML 1.2 is read`,
    );
  }
  if (!text.includes('!')) return;
  visit(document, {
    Node: (_key, node) => {
      const tag = 'tag' in node ? node.tag : undefined;
      if (!tag) return;
      problems.addAt(
        'yaml_feature',
        place(node.range?.[0] ?? 0),
        `the tag ${quote(tag)} is not allowed; write the plain value, text in quotes`,
      );
    },
  });
}

function toValue(document: Document, problems: Problems, place: Place): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
  } catch (error) {
    // ReferenceError: an alias without its anchor, or aliases that unfold into too much
    const message = escapeUnprintable(error instanceof Error ? error.message : String(error));
    problems.addAt(
      'yaml_feature',
      place(0),
      `the aliases cannot be followed: ${message}; write the values out, or share rules through \`groups\``,
    );
    return undefined;
  }
}
