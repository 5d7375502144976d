import { isAlias, LineCounter, parseDocument, Scalar, visit, type Document, type YAMLError } from 'yaml';
import type { Ignore } from '../draft';
import { refuseMisleading } from './characters';
import { readIgnores } from './ignores';
import { refuseKeys } from './keys';
import { locateInYaml } from './locate-yaml';
import { Problems, type Place } from './problems';
import { escapeUnprintable, quote } from '../quote';

/** Aliases may repeat a part of the policy, but not blow it up: the factor that `yaml` allows. */
const MAX_ALIAS_COUNT = 100;

/** What a text holds, and the problems found on the way, with their places. */
export interface Parsed {
  /** The plain value; meaningless if not readable. */
  readonly value: unknown;
  readonly readable: boolean;
  readonly problems: Problems;
  /** Comments that accept warnings. @default none */
  readonly ignores?: readonly Ignore[];
}

/** How many mistakes in the syntax of a file are told one by one. */
const MOST_SYNTAX_ERRORS = 10;

/**
 * Reads one YAML 1.2 document (core schema: `no`, `on` and dates are text).
 * @param text The policy's text.
 * @param file The name that places carry.
 */
export function parseYaml(text: string, file: string): Parsed {
  const lines = new LineCounter();
  // Keys that stand twice are found below: the reader compares each key of a mapping with all others, which takes hours for a big wrong file.
  const document = parseDocument(text, {
    version: '1.2',
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    uniqueKeys: false,
  });
  const problems = new Problems(locateInYaml(document, lines, file));
  const place: Place = (offset) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  refuseMisleading(text, problems, place);
  addSyntaxErrors(document, problems, place);
  if (document.errors.length > 0) return { value: undefined, readable: false, problems };
  if (document.contents === null) {
    const message = 'the policy is empty; write `version: 1`, which alone means that nothing leaves';
    problems.addAt('empty_file', place(0), message);
    return { value: undefined, readable: false, problems };
  }
  refuseFeatures(document, text, problems, place);
  refuseKeys(document, problems, place);
  const ignores = readIgnores(text, document, place);
  return { ...toValue(document, problems, place), problems, ignores };
}

/** One mistake in the syntax makes others: a file that is no YAML at all has one a line. */
function addSyntaxErrors({ errors }: Document.Parsed, problems: Problems, place: Place): void {
  for (const error of errors.slice(0, MOST_SYNTAX_ERRORS)) {
    const code = error.code === 'MULTIPLE_DOCS' ? 'yaml_feature' : 'yaml_syntax';
    problems.addAt(code, place(error.pos[0]), syntaxMessage(error));
  }
  const next = errors[MOST_SYNTAX_ERRORS];
  if (!next) return;
  const message = `from here on ${errors.length - MOST_SYNTAX_ERRORS} more places are not valid YAML; mend those before first`;
  problems.addAt('yaml_syntax', place(next.pos[0]), message);
}

function syntaxMessage(error: YAMLError): string {
  if (error.code === 'MULTIPLE_DOCS') {
    return 'a second document begins here; one file holds one policy: remove the `---`, or write two files and give both to --policy';
  }
  if (error.code === 'BAD_ALIAS')
    return 'a star without quotes begins a YAML alias; write a wildcard in quotes, like "*.example.com"';
  if (error.code === 'TAB_AS_INDENT') return 'a tab stands in the indentation; YAML wants spaces';
  return `not valid YAML: ${escapeUnprintable(error.message)}`;
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

function toValue(document: Document, problems: Problems, place: Place): { value: unknown; readable: boolean } {
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIAS_COUNT }), readable: true };
  } catch (error) {
    // a ReferenceError: an alias without its anchor, or aliases that unfold into too much
    if (replaceDanglingAliases(document, problems, place)) return toValue(document, problems, place);
    const reason = escapeUnprintable(error instanceof Error ? error.message : String(error));
    const message = `the aliases unfold into too much (${reason}); write the values out, or share rules through \`groups\``;
    problems.addAt('yaml_feature', place(0), message);
    return { value: undefined, readable: false };
  }
}

/**
 * Reports aliases without an anchor before them, most often an unquoted wildcard, and puts their text in their place, so
 * that the rest can be checked.
 */
function replaceDanglingAliases(document: Document, problems: Problems, place: Place): boolean {
  const anchors = new Set<string>();
  let found = false;
  visit(document, {
    Node: (_key, node) => {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.add(node.anchor);
        return undefined;
      }
      if (anchors.has(node.source)) return undefined;
      found = true;
      const text = `*${node.source}`;
      const message = `${quote(text)} without quotes is a YAML alias, and it has no anchor; write a wildcard in quotes: ${quote(text)}`;
      problems.addAt('yaml_feature', place(node.range?.[0] ?? 0), message);
      const written = new Scalar(text);
      written.range = node.range;
      return written;
    },
  });
  return found;
}
