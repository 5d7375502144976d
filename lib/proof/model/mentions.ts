import type { Resource } from '../load/resource';
import { Template, Unknown, type Value } from '../value/value';
import { walk } from '../value/walk';
import type { Inventory } from './inventory';

/**
 * Resources of the same document that stand in expressions which are not evaluated: a plan shows the names alone that an expression refers to, and
 * what is made of them may be one of them.
 */
export function mentionedIn(
  inventory: Inventory,
  { document }: Resource,
  value: Value,
  types: readonly string[],
): readonly Resource[] {
  const texts = [...walk(value)].flatMap(({ value: each }) => {
    if (each instanceof Unknown) return [each.text];
    return each instanceof Template ? each.parts.flatMap((part) => (part instanceof Unknown ? [part.text] : [])) : [];
  });
  const names = new Set(texts.flatMap((text) => text.match(/(?<![\w.-]|data\.)aws_\w+\.[\w-]+/g) ?? []));
  if (names.size === 0) return [];
  return inventory.of(...types).filter(({ address, type, document: its }) => {
    const name =
      address
        .replace(/\[[^\]]*\]$/, '')
        .split('.')
        .at(-1) ?? '';
    return its === document && names.has(`${type}.${name}`);
  });
}
