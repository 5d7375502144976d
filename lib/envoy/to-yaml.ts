import { stringify } from 'yaml';
import type { ConfigObject, ConfigValue } from './resources';

/** Values of at least so many scalars are written once and referred to by an alias after that; smaller ones read better in place. */
const WORTH_AN_ALIAS = 40;

/**
 * A config as YAML, without folded lines. What many chains have in common (a DNS cache, the replies) stands in it once, under an
 * anchor: Envoy reads a config with a thousand rules several times faster so. Envoy reads YAML 1.1, where `on` and `y` are booleans.
 */
export function toYaml(value: ConfigObject): string {
  return stringify(new Sharing().copy(value), { lineWidth: 0, aliasDuplicateObjects: true, compat: 'yaml-1.1' });
}

/** Copies a tree so that of the objects that stand in it more than once only large ones are shared. */
class Sharing {
  private readonly sizes = new Map<object, number>();
  private readonly copies = new Map<object, ConfigValue>();

  copy(value: ConfigValue): ConfigValue {
    if (value === null || typeof value !== 'object') return value;
    const known = this.copies.get(value);
    if (known !== undefined) return known;
    const copied = Array.isArray(value)
      ? value.map((each: ConfigValue) => this.copy(each))
      : Object.fromEntries(Object.entries(value).map(([key, field]) => [key, this.copy(field as ConfigValue)]));
    if (this.size(value) >= WORTH_AN_ALIAS) this.copies.set(value, copied);
    return copied;
  }

  private size(value: ConfigValue): number {
    if (value === null || typeof value !== 'object') return 1;
    const known = this.sizes.get(value);
    if (known !== undefined) return known;
    const size = Object.values(value).reduce((sum: number, field) => sum + this.size(field as ConfigValue), 0);
    this.sizes.set(value, size);
    return size;
  }
}
