import { isAlias, isScalar, visit, type Alias, type Document, type Node, type YAMLMap } from 'yaml';
import type { Place, Problems } from './problems';
import { quote } from '../quote';

/**
 * Refuses keys that stand twice in one mapping, and keys that are not written out as text: keys are compared before aliases are resolved
 * and before text is made of `true`, so these could repeat another key unseen, and the last one would count.
 */
export function refuseKeys(document: Document, problems: Problems, place: Place): void {
  visit(document, {
    Map: (_key, map) => refuseRepeated(map, problems, place),
    Pair: (_key, { key }) => {
      if (isScalar(key) && typeof key.value === 'string') return;
      const at = place((key as Node | null)?.range?.[0] ?? 0);
      if (isAlias(key)) {
        const target = key.resolve(document);
        // without an anchor it is reported as a wildcard that lacks its quotes
        if (target !== undefined) problems.addAt('yaml_feature', at, aliasMessage(key, target));
        return;
      }
      const what = isScalar(key)
        ? `the key ${quote(key.value)} is not text, and could repeat one in quotes unseen`
        : 'a list or a mapping stands as a key';
      problems.addAt('wrong_type', at, `${what}; write text, in quotes where YAML would read something else`);
    },
  });
}

function refuseRepeated({ items }: YAMLMap, problems: Problems, place: Place): void {
  const seen = new Set<unknown>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    if (seen.has(key.value)) {
      const message = `the key ${quote(key.value)} stands here a second time; a key stands once: write its values together, or remove one`;
      problems.addAt('duplicate_key', place(key.range?.[0] ?? 0), message);
    }
    seen.add(key.value);
  }
}

function aliasMessage({ source }: Alias, target: Node): string {
  const itself = isScalar(target) ? `: ${quote(target.value)}` : '';
  return `the alias ${quote(`*${source}`)} stands as a key, where it could repeat another key unseen; write the key itself${itself}`;
}
