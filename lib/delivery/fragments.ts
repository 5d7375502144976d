import { createHash } from 'node:crypto';
import type { ConfigValue } from '../envoy/resources';

/** Texts of at least so many characters stand once in a bundle and are referred to. */
const WORTH_A_REFERENCE = 120;

/**
 * Writes values as JSON in which large parts are references to texts of their own: what many chains have in common (a DNS cache, the
 * replies) stands in a bundle once, and once in the file that Envoy reads.
 *
 * A written text is JSON and references in turn, with a tab between them; JSON itself never has a tab (RFC 8259, section 7). A reference is
 * `s` and a fragment's name, which is a hash of its text, so that equal values are equal texts in every bundle; or `k` and a chain's key,
 * where time changes the key.
 */
export class Fragments {
  private readonly texts = new Map<string, string>();
  private readonly written = new WeakMap<object, string>();

  /** @param varying strings that stand as references `k…` wherever they occur as a value */
  constructor(private readonly varying: ReadonlySet<string> = new Set()) {}

  /** Texts by name, sorted; grows with every {@link write}. */
  get all(): [name: string, text: string][] {
    return [...this.texts].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The text of a value. */
  write(value: ConfigValue | undefined): string {
    if (typeof value === 'string' && this.varying.has(value)) return `\tk${value}\t`;
    if (value === null || typeof value !== 'object') return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map((each: ConfigValue) => this.part(each)).join(',')}]`;
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${this.part(field as ConfigValue)}`).join(',')}}`;
  }

  /** A value inside another: a reference where it is large. */
  private part(value: ConfigValue): string {
    if (value === null || typeof value !== 'object') return this.write(value);
    const known = this.written.get(value);
    if (known !== undefined) return known;
    const text = this.write(value);
    const part = text.length < WORTH_A_REFERENCE ? text : `\ts${this.fragment(text)}\t`;
    this.written.set(value, part);
    return part;
  }

  private fragment(text: string): string {
    const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
    this.texts.set(name, text);
    return name;
  }
}
