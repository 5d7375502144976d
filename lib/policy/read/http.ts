import { METHODS } from '../methods';
import type { Path, Problems } from './problems';
import { quote } from '../quote';
import { entriesOf, isText } from './raw';

/** A method token (RFC 9110 section 5.6.2). */
const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
/** Unreserved characters, sub-delims, ":", "@" and "/" (RFC 3986 section 3.3), without percent escapes: these have more than one spelling. */
const PATH = /^[A-Za-z0-9._~!$&'()*+,;=:@/-]+$/;

/** What a rule can name; TRACE is read and refused. */
const ALLOWED = [...METHODS].filter((method) => method !== 'TRACE');

/** Reads `methods`: upper case, sorted. */
export function readMethods(value: unknown, path: Path, problems: Problems): string[] {
  return readList(value, path, problems, 'method', methodProblem);
}

/** Reads `paths`: sorted prefixes. */
export function readPaths(value: unknown, path: Path, problems: Problems): string[] {
  return readList(value, path, problems, 'path', pathProblem);
}

function readList(
  value: unknown,
  path: Path,
  problems: Problems,
  code: 'method' | 'path',
  check: (text: string) => string | undefined,
): string[] {
  const seen = new Set<string>();
  for (const [text, index] of entriesOf(value)) {
    if (!isText(text)) continue;
    const wrong = check(text);
    if (wrong !== undefined) problems.add(code, [...path, index], `${code} ${quote(text)}: ${wrong}`);
    else if (seen.has(text))
      problems.add('duplicate', [...path, index], `${code} ${quote(text)} stands twice in this rule; remove one`);
    seen.add(text);
  }
  return [...seen].sort();
}

function methodProblem(text: string): string | undefined {
  if (!TOKEN.test(text)) return 'not an HTTP method (RFC 9110); write one like "GET"';
  if (text !== text.toUpperCase()) return `methods are case-sensitive; write ${quote(text.toUpperCase())}`;
  if (text === 'CONNECT')
    return 'CONNECT opens the tunnel and is not narrowed here; remove it, a client may always use it to reach the rule';
  if (text === 'TRACE') return 'TRACE sends request headers back and never passes; remove it';
  if (!METHODS.has(text)) return `Envoy does not read this method; allowed: ${ALLOWED.join(', ')}`;
  return undefined;
}

function pathProblem(text: string): string | undefined {
  if (!text.startsWith('/')) return `a path begins with "/"; write ${quote(`/${text}`)}`;
  if (/[?#]/.test(text)) return `only the path is compared, not the query; write ${quote(text.split(/[?#]/)[0])}`;
  if (text.includes('%'))
    return 'percent escapes have several spellings of one path; write the characters themselves, or a shorter prefix';
  if (text.includes('\\')) return 'a backslash is no separator; write "/"';
  if (!PATH.test(text))
    return `only letters, digits and .~_!$&'()*+,;=:@/- can stand in a path; write a shorter prefix`;
  if (text.includes('//')) return `two slashes follow each other; write ${quote(text.replace(/\/+/g, '/'))}`;
  if (text.split('/').some((segment) => segment === '.' || segment === '..'))
    return 'the segments "." and ".." are resolved before paths are compared; write the resolved path';
  return undefined;
}
