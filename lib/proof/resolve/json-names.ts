import { Template, Unknown, type Value } from '../value/value';

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}]/gs;
/** Stands for a part that is not known. */
const MARK = '\u0000';

/** The first name that an object in JSON text has twice; `JSON.parse` takes the last, others may take the first. Only for text that is JSON. */
export function repeatedName(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, colon] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(token.slice(0, -colon.length)) as string;
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return undefined;
}

/** Names in JSON text that are not known as a whole, so that nobody knows what stands under them. */
export function unknownNames(value: Value | undefined): readonly Unknown[] {
  const parts = value instanceof Template ? value.parts : [];
  const text = parts.map((part) => (typeof part === 'string' ? part : MARK)).join('');
  const names = [...text.matchAll(TOKEN)].flatMap(([token, colon]) =>
    colon !== undefined && token.includes(MARK) ? [token.slice(0, -colon.length).replaceAll(MARK, '…')] : [],
  );
  return [...new Set(names)].map((name) => new Unknown(name, 'is a name that is not known'));
}
