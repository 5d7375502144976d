import fc from 'fast-check';
import { id, VPC } from './base';
import { add, policy, type Block, type Stack } from './sealed';

/** Something that is added to a stack under a name that is not taken. */
export interface Addition {
  readonly type: string;
  readonly block: Block;
}

/** Adds what was drawn, each under a name of its own. */
export function addAll(stack: Stack, additions: readonly Addition[]): void {
  additions.forEach(({ type, block }, index) => add(stack, type, `added_${index}`, block));
}

const RULE_GROUP = id('aws_route53_resolver_firewall_rule_group.main');
const tables = fc.constantFrom('public', 'egress', 'isolated').map((name) => id(`aws_route_table.${name}`));
const groups = fc
  .constantFrom('search', 'notes', 'mailer', 'crawler', 'gateway', 'logs')
  .map((name) => id(`aws_security_group.${name}`));
const cidrs = fc.constantFrom('0.0.0.0/0', '10.1.0.0/16', '10.1.0.2/32', '203.0.113.7/32', '169.254.169.253/32');
const ports = fc.constantFrom(-1, 0, 53, 80, 443, 8080, 10000, 10001, 10002, 10003, 65535);

const denial = policy({ Effect: 'Deny', Principal: '*', Action: 's3:DeleteBucket', Resource: '*' });

/** What only refuses, or has to do with no network. */
export const restriction: fc.Arbitrary<Addition> = fc.oneof(
  fc.constant({ type: 'aws_s3_bucket', block: { bucket: 'acme-data' } }),
  fc.constant({ type: 'aws_iam_role', block: { assume_role_policy: '{}' } }),
  fc.constant({ type: 'aws_cloudwatch_log_group', block: { name: 'agents' } }),
  fc.constant({ type: 'aws_security_group', block: { vpc_id: VPC } }),
  fc.constant({ type: 'aws_route_table', block: { vpc_id: VPC } }),
  fc.constant({ type: 'aws_subnet', block: { vpc_id: VPC, cidr_block: '10.1.77.0/24' } }),
  fc.constant({ type: 'aws_default_security_group', block: { vpc_id: VPC, ingress: [], egress: [] } }),
  fc.constant({
    type: 'aws_vpc_block_public_access_options',
    block: { internet_gateway_block_mode: 'block-bidirectional' },
  }),
  fc.constant({
    type: 'aws_vpc_endpoint_policy',
    block: { vpc_endpoint_id: id('aws_vpc_endpoint.s3'), policy: denial },
  }),
  fc.record({ rule_no: fc.integer({ min: 1, max: 32_766 }), cidr_block: cidrs }).map((rule) => ({
    type: 'aws_network_acl',
    block: {
      vpc_id: VPC,
      subnet_ids: [id('aws_subnet.isolated')],
      egress: [{ ...rule, protocol: '-1', action: 'deny', from_port: 0, to_port: 0 }],
    },
  })),
  fc.integer({ min: 1, max: 9900 }).map((priority) => ({
    type: 'aws_route53_resolver_firewall_rule',
    block: {
      name: 'more',
      action: 'BLOCK',
      block_response: 'NXDOMAIN',
      priority: priority * 1000,
      firewall_rule_group_id: RULE_GROUP,
      firewall_domain_list_id: 'rslvr-fdl-0123456789abcdef',
    },
  })),
);

/** A route that leads somewhere. */
export const route: fc.Arbitrary<Addition> = fc
  .record({
    route_table_id: tables,
    destination_cidr_block: cidrs,
    target: fc.constantFrom(
      { gateway_id: id('aws_internet_gateway.main') },
      { nat_gateway_id: id('aws_nat_gateway.main') },
      { transit_gateway_id: 'tgw-0123456789abcdef0' },
      { vpc_peering_connection_id: 'pcx-0123456789abcdef0' },
      { network_interface_id: 'eni-0123456789abcdef0' },
    ),
  })
  .map(({ target, ...block }) => ({ type: 'aws_route', block: { ...block, ...target } }));

/** A rule of some group, with some peer, on some ports. */
export const rule: fc.Arbitrary<Addition> = fc
  .record({
    direction: fc.constantFrom('egress', 'ingress'),
    security_group_id: groups,
    ip_protocol: fc.constantFrom('tcp', 'udp', '-1', 'icmp'),
    from_port: ports,
    to_port: ports,
    peer: fc.oneof(
      groups.map((referenced_security_group_id) => ({ referenced_security_group_id })),
      cidrs.map((cidr_ipv4) => ({ cidr_ipv4 })),
      fc.constant({ prefix_list_id: '${aws_vpc_endpoint.s3.prefix_list_id}' }),
      fc.constant({ cidr_ipv6: '::/0' }),
    ),
  })
  .map(({ direction, peer, ...block }) => ({
    type: `aws_vpc_security_group_${direction}_rule`,
    block: { ...block, ...peer },
  }));

/** The same stack with other names for all of its resources. */
export function renamed(stack: Stack, name: (old: string, index: number) => string): Stack {
  const names = Object.entries(stack.resource).flatMap(([type, blocks]) =>
    Object.keys(blocks).map((old) => [type, old] as const),
  );
  const all = new Map(names.map(([type, old], index) => [`${type}.${old}`, name(old, index)]));
  const text = JSON.stringify({ ...stack, resource: {} }).replaceAll(...references(all));
  const resource = Object.fromEntries(
    Object.entries(stack.resource).map(([type, blocks]) => [
      type,
      Object.fromEntries(
        Object.entries(blocks).map(([old, block]) => [
          all.get(`${type}.${old}`) ?? old,
          JSON.parse(JSON.stringify(block).replaceAll(...references(all))) as Block,
        ]),
      ),
    ]),
  );
  return { ...(JSON.parse(text) as Stack), resource };
}

/** References to the resources of a stack, in the text of its JSON. */
function references(
  names: ReadonlyMap<string, string>,
): [RegExp, (whole: string, type: string, old: string) => string] {
  return [
    /\b(aws_\w+)\.([A-Za-z_][\w-]*)/g,
    (whole, type, old) => {
      const next = names.get(`${type}.${old}`);
      return next === undefined ? whole : `${type}.${next}`;
    },
  ];
}

/** The same stack with its types, its resources and the attributes of each in an order that numbers give. */
export function shuffled(stack: Stack, order: readonly number[]): Stack {
  let at = 0;
  const shuffle = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => [order[at++ % order.length] ?? 0, item] as const)
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item);
  const sorted = (value: Block, depth: number): Block =>
    Object.fromEntries(
      shuffle(Object.entries(value)).map(([key, each]) => [key, depth === 0 ? each : sorted(each as Block, depth - 1)]),
    );
  return { ...stack, resource: sorted(stack.resource, 2) } as Stack;
}
