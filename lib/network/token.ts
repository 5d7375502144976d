/** What Terraform, or cdktf before it, puts in place of a value that is known only at deploy time. */
const TOKEN = /\$\{[^}]*\}/g;

/** Whether part of a text is known only at deploy time. */
export function hasToken(text: string): boolean {
  return text.includes('${');
}

/** The parts of a text that are known, in order; the tokens stood between them. */
export function literalParts(text: string): string[] {
  return text.split(TOKEN);
}

/** Changes the known parts of a text and leaves its tokens as they are. */
export function mapLiterals(text: string, change: (part: string) => string): string {
  const tokens = text.match(TOKEN) ?? [];
  return literalParts(text)
    .map((part, index) => change(part) + (tokens[index] ?? ''))
    .join('');
}
