/** A part of a template: text, or the expression of `${…}`; `directive` for `%{…}`, which is not evaluated. */
export type TemplatePart = string | { readonly expression: string } | { readonly directive: string };

/**
 * Cuts a template (HCL specification, "Template Expressions") into its parts.
 * @param text as it stands in Terraform JSON, or between the quotes of an expression with its escapes resolved
 */
export function splitTemplate(text: string): TemplatePart[] {
  if (!text.includes('${') && !text.includes('%{')) return text === '' ? [] : [text];
  const parts: TemplatePart[] = [];
  let literal = '';
  for (let at = 0; at < text.length;) {
    const two = text.slice(at, at + 3);
    if (two === '$${' || two === '%%{') {
      literal += two.slice(1);
      at += 3;
    } else if (two.startsWith('${') || two.startsWith('%{')) {
      const end = endOfBraces(text, at + 2);
      if (literal !== '') parts.push(literal);
      literal = '';
      const whole = text.slice(at + 2, end);
      const inner = whole.replace(/^~|~$/g, '');
      // `~` also cuts the spaces of the text beside it, where there is some.
      const isPlain = two.startsWith('$') && (inner === whole || (at === 0 && end === text.length - 1));
      parts.push(isPlain ? { expression: inner.trim() } : { directive: inner.trim() });
      at = end + 1;
    } else {
      literal += text[at];
      at += 1;
    }
  }
  if (literal !== '') parts.push(literal);
  return parts;
}

/** Where the brace closes that was opened before `from`; the end of the text where it does not. */
function endOfBraces(text: string, from: number): number {
  let depth = 1;
  let at = from;
  for (; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at + 1);
    else if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return at;
}

/** Where the string ends that was opened before `from`; templates in it may hold quotes of their own. */
export function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
    else if (text.startsWith('$${', at) || text.startsWith('%%{', at)) at += 2;
    else if (text.startsWith('${', at) || text.startsWith('%{', at)) at = endOfBraces(text, at + 2);
  }
  return text.length;
}
