import type { Block, StackJson } from './stack-json';

/** The part of `terraform providers schema -json` that says which keys exist. */
export interface SchemaBlock {
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly block_types?: Readonly<Record<string, { readonly block: SchemaBlock }>>;
}
export interface ProviderSchema {
  readonly resource_schemas: Readonly<Record<string, { readonly block: SchemaBlock } | undefined>>;
  readonly data_source_schemas: Readonly<Record<string, { readonly block: SchemaBlock } | undefined>>;
}

/** A key that the provider does not know. */
export interface UnknownKey {
  /** As in {@link ProviderSixOnly}. */
  readonly type: string;
  readonly path: string;
  /** Takes the key out of the stack. */
  readonly remove: () => void;
}

/** Terraform's own: https://developer.hashicorp.com/terraform/language/meta-arguments */
const META = new Set(['//', 'connection', 'count', 'depends_on', 'for_each', 'lifecycle', 'provider', 'provisioner']);

function* unknownIn(value: unknown, schema: SchemaBlock, path: readonly string[]): Generator<[string, () => void]> {
  for (const block of Array.isArray(value) ? value : [value]) {
    if (typeof block !== 'object' || block === null) continue;
    const keys = block as Block;
    for (const key of Object.keys(keys)) {
      const nested = schema.block_types?.[key];
      if (nested) yield* unknownIn(keys[key], nested.block, [...path, key]);
      else if (!(key in (schema.attributes ?? {})) && !(path.length === 0 && META.has(key))) {
        yield [[...path, key].join('.'), () => delete keys[key]];
      }
    }
  }
}

/** Every key of a stack's resources and data sources that the provider's schema does not have; a type that it does not have is one too. */
export function unknownKeys(stack: StackJson, schema: ProviderSchema): UnknownKey[] {
  const found: UnknownKey[] = [];
  for (const [prefix, blocks, schemas] of [
    ['', stack.resource ?? {}, schema.resource_schemas],
    ['data.', stack.data ?? {}, schema.data_source_schemas],
  ] as const) {
    for (const [type, named] of Object.entries(blocks)) {
      if (!type.startsWith('aws_')) continue;
      const known = schemas[type];
      if (!known) found.push({ type: `${prefix}${type}`, path: '', remove: () => delete blocks[type] });
      else {
        for (const block of Object.values(named)) {
          for (const [path, remove] of unknownIn(block, known.block, []))
            found.push({ type: `${prefix}${type}`, path, remove });
        }
      }
    }
  }
  return found;
}
