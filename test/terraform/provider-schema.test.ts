import { unknownKeys, type ProviderSchema } from './support/provider-schema';
import type { StackJson } from './support/stack-json';

const SCHEMA: ProviderSchema = {
  resource_schemas: {
    aws_thing: {
      block: {
        attributes: { name: {}, tags: {} },
        block_types: { setting: { block: { attributes: { value: {} } } } },
      },
    },
  },
  data_source_schemas: { aws_zone: { block: { attributes: { state: {} } } } },
};

describe('unknownKeys', () => {
  it('finds keys at every depth, types and data sources, and can remove them', () => {
    const stack: StackJson = {
      terraform: {},
      resource: {
        aws_thing: {
          one: { name: 'x', region: 'y', tags: { any: 'z' }, setting: [{ value: 1 }, { value: 2, later: 3 }] },
        },
        aws_new: { one: {} },
        docker_image: { one: { name: 'not of this provider' } },
      },
      data: { aws_zone: { all: { state: 'available', region: 'y' } } },
    };
    const found = unknownKeys(stack, SCHEMA);
    expect(found.map(({ type, path }) => `${type} ${path}`)).toEqual([
      'aws_thing region',
      'aws_thing setting.later',
      'aws_new ',
      'data.aws_zone region',
    ]);
    for (const { remove } of found) remove();
    expect(unknownKeys(stack, SCHEMA)).toEqual([]);
    expect(stack.resource?.aws_thing?.one).toEqual({
      name: 'x',
      tags: { any: 'z' },
      setting: [{ value: 1 }, { value: 2 }],
    });
  });

  it("knows Terraform's own arguments, but only at the top of a resource", () => {
    const meta = { depends_on: [], lifecycle: { ignore_changes: ['name'] }, provider: 'aws.b', '//': {} };
    const stack: StackJson = {
      terraform: {},
      resource: { aws_thing: { one: { ...meta, setting: { depends_on: [] } } } },
    };
    expect(unknownKeys(stack, SCHEMA).map(({ path }) => path)).toEqual(['setting.depends_on']);
  });
});
