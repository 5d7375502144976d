import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyJsonSchema } from '../../../lib/policy';

const root = join(__dirname, '../../..');

interface Schema {
  readonly [key: string]: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

test('egress.schema.json is in step; `npm run build:schema` writes it', () => {
  expect(readFileSync(join(root, 'egress.schema.json'), 'utf8')).toBe(
    `${JSON.stringify(policyJsonSchema(), null, 2)}\n`,
  );
});

test('every key has a description, and no object takes other keys', () => {
  const visit = (schema: Schema, path: string): void => {
    if (schema.type === 'object') expect([path, schema.additionalProperties]).not.toEqual([path, undefined]);
    for (const [key, inner] of Object.entries(schema.properties ?? {})) {
      expect([`${path}.${key}`, inner.description]).toEqual([`${path}.${key}`, expect.stringMatching(/\.$/)]);
      visit(inner, `${path}.${key}`);
    }
    const inside = [
      schema.items,
      ...(schema.anyOf ?? []),
      typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined,
    ];
    for (const inner of inside) if (inner) visit(inner, path);
  };
  visit(policyJsonSchema(), 'policy');
});

test('it has what an editor needs to refuse the common mistakes', () => {
  const schema = policyJsonSchema() as Schema;
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(schema.required).toEqual(['version']);
  const text = JSON.stringify(schema);
  for (const part of [
    '"const":1',
    '"minimum":1024',
    '"maximum":65535',
    '"enum":["tls","http","tcp"]',
    '"required":["group"]',
    '^[a-z][a-z0-9-]{0,62}$',
  ]) {
    expect(text).toContain(part);
  }
});
