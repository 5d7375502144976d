import { Template, Unknown, type Value } from '../value/value';

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}]/gs;
/** Stands for a part that is not known. */
const MARK = '\u0000';

/**
 * Names in JSON text on which readers do not agree: those that stand twice in one object (parsed JSON has the last alone, Go puts both
 * together), and those that are not known as a whole.
 */
export function oddNames(value: Value | undefined): readonly Unknown[] {
  const parts = value instanceof Template ? value.parts : [value];
  const text = parts.map((part) => (typeof part === 'string' ? part : MARK)).join('');
  const objects: Set<string>[] = [];
  const odd = new Map<string, string>();
  for (const { 0: token, 1: colon } of text.matchAll(TOKEN)) {
    const names = objects.at(-1);
    if (token === '{') objects.push(new Set());
    else if (token === '}') objects.pop();
    else if (colon !== undefined && names) {
      const written = token.slice(0, -colon.length);
      const name = nameOf(written);
      if (written.includes(MARK)) odd.set(written.replaceAll(MARK, '…'), 'is a name that is not known');
      else if (names.has(name)) odd.set(name, 'is a name that stands twice in one object');
      names.add(name);
    }
  }
  return [...odd].map(([name, reason]) => new Unknown(name, reason));
}

function nameOf(written: string): string {
  try {
    return JSON.parse(written) as string;
  } catch {
    return written;
  }
}
