import { parse as parseJson5 } from 'json5';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { formatSource } from '../policy/errors';
import { escapeUnprintable } from '../policy/quote';
import { ImportError } from './errors';
import { isMapping } from './raw';
import type { ParsedSource, SourceFile } from './source';

/** Aliases may repeat a part of the file, but not blow it up: the factor that `yaml` allows. */
const MAX_ALIAS_COUNT = 100;

/** Spaces and the comments of JSON5 and JSONC in front of the first value. */
const BEFORE_VALUE = /^(?:\s|\/\/[^\n\r]*|\/\*[^]*?\*\/)*/;

/**
 * Reads JSON, JSON with comments and trailing commas (VS Code) and JSON5 (OpenClaw), which all begin with a brace; everything
 * else as YAML 1.2 (Docker's catalogs).
 * @throws ImportError with the place of the mistake.
 */
export function parseSource({ file, text }: SourceFile): ParsedSource {
  const isJson = text.replace(BEFORE_VALUE, '').startsWith('{');
  const value = isJson ? readJson(text, file) : readYaml(text, file);
  if (!isMapping(value)) throw new ImportError([`${escapeUnprintable(file)}: it holds no mapping of keys to values`]);
  return { file, value };
}

function readJson(text: string, file: string): unknown {
  try {
    // json5 warns on the console about each of these in a text; outside of texts they are spaces anyway.
    return parseJson5<unknown>(text.replace(/[\u2028\u2029]/g, ' '));
  } catch (error) {
    const { message, lineNumber = 0, columnNumber = 0 } = error as Json5Error;
    // "JSON5: invalid character 'x' at 3:5": the place is said in front. An invisible character is escaped by json5 already.
    const what = escapeUnprintable(message.replace(/^JSON5: /, '').replace(/ at \d+:\d+$/, ''));
    throw new ImportError([
      `${formatSource({ file, line: lineNumber, column: Math.max(columnNumber, 1) })}: not valid JSON5: ${what}`,
    ]);
  }
}

/** What json5 adds to its SyntaxError; both count from 1. */
interface Json5Error extends Error {
  readonly lineNumber?: number;
  readonly columnNumber?: number;
}

function readYaml(text: string, file: string): unknown {
  const lines = new LineCounter();
  const document = parseYaml(text, lines, file);
  const problems = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return `${formatSource({ file, line: Math.max(line, 1), column: Math.max(col, 1) })}: not valid YAML: ${yamlWords(error.code)}`;
  });
  if (problems.length > 0) throw new ImportError(problems.slice(0, 5));
  try {
    return document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
  } catch {
    throw new ImportError([`${escapeUnprintable(file)}: its YAML aliases have no anchor, or unfold into too much`]);
  }
}

function parseYaml(text: string, lineCounter: LineCounter, file: string): Document.Parsed {
  try {
    return parseDocument(text, { version: '1.2', lineCounter, prettyErrors: false, logLevel: 'error' });
  } catch {
    throw new ImportError([`${escapeUnprintable(file)}: it nests too deeply to be read`]); // a RangeError of the stack
  }
}

/** `BAD_INDENT` -> `bad indent`. The library's own message may quote the text, which can hold secrets. */
function yamlWords(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ');
}
