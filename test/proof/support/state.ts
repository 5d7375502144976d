import type { Block, Stack } from './sealed';

const ACCOUNT = '111111111111';

/** Types whose ARNs are those of EC2. */
const NETWORK = new Set(['aws_vpc', 'aws_subnet', 'aws_security_group', 'aws_route_table', 'aws_instance']);

/** What AWS would answer for an attribute of a resource. */
function answer(type: string, name: string, attribute: string): string {
  if (attribute === 'account_id') return ACCOUNT;
  if (type === 'aws_region') return 'eu-west-1';
  if (type === 'aws_partition') return attribute === 'dns_suffix' ? 'amazonaws.com' : 'aws';
  // What is taken over from the VPC has the id that the VPC has for it.
  if (type === 'aws_default_security_group') return answer('aws_vpc', name, 'default_security_group_id');
  if (type === 'aws_default_route_table') return answer('aws_vpc', name, 'default_route_table_id');
  const word = type.replace(/^aws_/, '').replaceAll('_', '-');
  if (attribute === 'arn' && type === 'aws_s3_bucket') return `arn:aws:s3:::${name}`;
  if (attribute === 'arn' && NETWORK.has(type)) return `arn:aws:ec2:eu-west-1:${ACCOUNT}:${word}/${name}`;
  if (attribute.endsWith('arn')) return `arn:aws:${word}:eu-west-1:${ACCOUNT}:${attribute}/${name}`;
  return `${word}-${name}-${attribute}`;
}

const REFERENCE = /\$\{(data\.)?(aws_\w+)\.([\w-]+)\.(\w+)\}/g;

/** Whether every expression of a stack is a reference to an attribute that AWS answers, so that a state can be made of it. */
export function hasState(stack: Stack): boolean {
  const text = JSON.stringify({ resource: stack.resource, data: stack.data });
  const isPlain =
    !/"(count|for_each|dynamic|provider|provisioner|lifecycle)":/.test(text) && !Array.isArray(stack.resource);
  return (
    isPlain &&
    stack.module === undefined &&
    stack.removed === undefined &&
    stack.import === undefined &&
    stack.action === undefined &&
    stack.locals === undefined &&
    stack.data.aws_iam_policy_document === undefined &&
    stack.data.aws_ssm_parameter === undefined &&
    stack.data.terraform_remote_state === undefined &&
    !text.replaceAll('$${', '').replaceAll(REFERENCE, '').includes('${')
  );
}

/** What `terraform show -json` prints of the state of a stack after it has been applied. */
export function asState(stack: Stack): object {
  /** Attributes that something refers to, by the address of the resource. */
  const asked = new Map<string, Set<string>>();
  const text = JSON.stringify({ resource: stack.resource, data: stack.data });
  for (const [, data = '', type = '', name = '', attribute = ''] of text.matchAll(REFERENCE)) {
    const address = `${data}${type}.${name}`;
    asked.set(address, (asked.get(address) ?? new Set()).add(attribute));
  }
  const followed = (words: string): string =>
    words.replaceAll(REFERENCE, (_, data: string | undefined, type: string, name: string, attribute: string) => {
      const written = (data === undefined ? stack.resource : stack.data)[type]?.[name]?.[attribute];
      return typeof written === 'string' ? followed(written) : answer(type, name, attribute);
    });
  const literal = (block: Block): Block => JSON.parse(followed(JSON.stringify(block)).replaceAll('$${', '${')) as Block;
  const resources = (section: Stack['resource'], mode: 'managed' | 'data', prefix: string): object[] =>
    Object.entries(section).flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([name, block]) => {
        const address = `${prefix}${type}.${name}`;
        const attributes = new Set(['id', 'arn', ...(asked.get(address) ?? [])]);
        const answered = [...attributes].map((attribute) => [attribute, answer(type, name, attribute)]);
        return { address, mode, type, name, values: { ...Object.fromEntries(answered), ...literal(block) } };
      }),
    );
  return {
    format_version: '1.0',
    terraform_version: '1.13.0',
    values: {
      root_module: {
        resources: [...resources(stack.data, 'data', 'data.'), ...resources(stack.resource, 'managed', '')],
      },
    },
  };
}
