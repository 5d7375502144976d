import { endOfString } from './split-template';

/** One step of a traversal: `.name`, `[0]`, `["key"]`, or `*` for a splat. */
export type Step = string | number | { readonly splat: true };

/** The part of HCL's expressions (HCL specification, "Expressions") that is evaluated. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'template'; readonly text: string }
  | { readonly kind: 'traversal'; readonly root: string; readonly steps: readonly Step[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [Expression, Expression])[] };

const KEYWORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** Reads an expression; undefined where it is of a kind that is not evaluated: operators, conditions, `for`. */
export function parseExpression(text: string): Expression | undefined {
  const parser = new Parser(text);
  try {
    const expression = parser.expression();
    return parser.isAtEnd() ? expression : undefined;
  } catch (error) {
    if (error instanceof NotEvaluated) return undefined;
    throw error;
  }
}

class NotEvaluated extends Error {}

class Parser {
  private at = 0;

  constructor(private readonly text: string) {}

  isAtEnd(): boolean {
    this.skipSpace();
    return this.at >= this.text.length;
  }

  expression(): Expression {
    this.skipSpace();
    const next = this.text[this.at] ?? '';
    if (next === '"') return this.quoted();
    if (next === '[') return { kind: 'list', items: this.sequence('[', ']') };
    if (next === '{') return this.object();
    const digits = this.take(/\d+(\.\d+)?/y);
    if (digits !== undefined) return { kind: 'literal', value: Number(digits) };
    return this.named();
  }

  private named(): Expression {
    const name = this.identifier();
    if (Object.hasOwn(KEYWORDS, name)) return { kind: 'literal', value: KEYWORDS[name] ?? null };
    if (this.text[this.at] === '(') return { kind: 'call', name, args: this.sequence('(', ')') };
    return { kind: 'traversal', root: name, steps: this.steps() };
  }

  private steps(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      if (this.take(/\.\*|\[\*\]/y) !== undefined) steps.push({ splat: true });
      else if (this.text[this.at] === '.') {
        this.at += 1;
        steps.push(this.take(/\d+/y) ?? this.identifier());
      } else if (this.text[this.at] === '[') steps.push(this.index());
      else return steps;
    }
  }

  private index(): Step {
    this.at += 1;
    const key = this.expression();
    if (this.take(/\s*\]/y) === undefined) throw new NotEvaluated();
    if (key.kind === 'template' && !key.text.includes('${')) return key.text;
    if (key.kind === 'literal' && typeof key.value === 'number') return key.value;
    throw new NotEvaluated();
  }

  private quoted(): Expression {
    const end = endOfString(this.text, this.at + 1);
    const raw = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    return { kind: 'template', text: unescape(raw) };
  }

  private sequence(open: string, close: string): Expression[] {
    const items: Expression[] = [];
    this.expect(open);
    while (!this.closes(close)) {
      items.push(this.expression());
      this.skipSpace();
      if (this.text[this.at] === ',') this.at += 1;
      else if (this.text[this.at] !== close) throw new NotEvaluated();
    }
    return items;
  }

  private object(): Expression {
    const entries: (readonly [Expression, Expression])[] = [];
    this.expect('{');
    while (!this.closes('}')) {
      const word = this.take(/[A-Za-z_][A-Za-z0-9_-]*(?=\s*[=:])/y);
      const key: Expression = word === undefined ? this.expression() : { kind: 'literal', value: word };
      if (this.take(/\s*[=:]/y) === undefined) throw new NotEvaluated();
      entries.push([key, this.expression()]);
      this.take(/\s*,/y);
    }
    return { kind: 'object', entries };
  }

  private closes(close: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== close) return false;
    this.at += 1;
    return true;
  }

  private expect(character: string): void {
    this.skipSpace();
    if (this.text[this.at] !== character) throw new NotEvaluated();
    this.at += 1;
  }

  private identifier(): string {
    const name = this.take(/[A-Za-z_][A-Za-z0-9_-]*/y);
    if (name === undefined) throw new NotEvaluated();
    return name;
  }

  private skipSpace(): void {
    this.take(/\s+/y);
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}

/** Resolves the escapes of a quoted template, but not in its `${…}`, whose strings have escapes of their own. */
function unescape(raw: string): string {
  return raw.replace(/\$\{[^}]*\}|\\(u[0-9a-fA-F]{4}|.)/gs, (whole, escape: string | undefined) => {
    if (escape === undefined) return whole;
    if (escape.startsWith('u')) return String.fromCharCode(parseInt(escape.slice(1), 16));
    return { n: '\n', r: '\r', t: '\t' }[escape] ?? escape;
  });
}
