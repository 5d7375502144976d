import {
  add,
  claimOf,
  egress,
  findings,
  get,
  proveChanged,
  type Block,
  type Stack,
} from '../../../proof/support/sealed';

const OUT = 'aws_vpc_security_group_egress_rule';
const out = (stack: Stack, block: Block): void =>
  add(stack, OUT, 'out', {
    security_group_id: '${aws_security_group.search.id}',
    ip_protocol: 'tcp',
    from_port: 443,
    to_port: 443,
    ...block,
  });
const untagged = (stack: Stack): void => add(stack, 'aws_security_group', 'other', { vpc_id: '${aws_vpc.main.id}' });

describe('C2: security groups', () => {
  it.each<[string, (stack: Stack) => void, RegExp]>([
    ['a CIDR', (stack) => out(stack, { cidr_ipv4: '0.0.0.0/0' }), /out to "0\.0\.0\.0\/0" on TCP port 443/],
    ['one address', (stack) => out(stack, { cidr_ipv4: '203.0.113.7/32' }), /out to "203\.0\.113\.7\/32"/],
    ['IPv6', (stack) => out(stack, { cidr_ipv6: '::/0' }), /out to "::\/0"/],
    [
      'everything',
      (stack) => out(stack, { cidr_ipv4: '0.0.0.0/0', ip_protocol: '-1', from_port: undefined, to_port: undefined }),
      /every port of every protocol/,
    ],
    [
      'a legacy rule',
      (stack) =>
        add(stack, 'aws_security_group_rule', 'out', {
          type: 'egress',
          security_group_id: '${aws_security_group.search.id}',
          protocol: 'tcp',
          from_port: 0,
          to_port: 65535,
          cidr_blocks: ['0.0.0.0/0'],
        }),
      /TCP ports 0 to 65535/,
    ],
    [
      'an inline rule',
      (stack) =>
        (get(stack, 'aws_security_group', 'search').egress = [
          { protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] },
        ]),
      /aws_security_group\.search lets it out/,
    ],
    [
      'the gateway on another port',
      (stack) => (get(stack, OUT, 'search_gateway').to_port = 10001),
      /only TCP port 10000 is its own/,
    ],
    [
      "another workload's port on the gateway",
      (stack) => add(stack, OUT, 'x', egress('search', 'gateway', 10001)),
      /TCP port 10001; only TCP port 10000/,
    ],
    ['an endpoint on another port', (stack) => add(stack, OUT, 'x', egress('search', 'logs', 22)), /only TCP port 443/],
    ['an endpoint by UDP', (stack) => (get(stack, OUT, 'search_logs').ip_protocol = 'udp'), /UDP port 443/],
    [
      'an undeclared workload',
      (stack) => add(stack, OUT, 'x', egress('notes', 'search', 8080)),
      /workload search, which it does not declare/,
    ],
    [
      'a declared workload on another port',
      (stack) => add(stack, OUT, 'x', egress('search', 'notes', 22)),
      /only TCP port 8080/,
    ],
    [
      'its own group',
      (stack) =>
        add(stack, 'aws_security_group_rule', 'out', {
          type: 'egress',
          security_group_id: '${aws_security_group.search.id}',
          protocol: '-1',
          from_port: 0,
          to_port: 0,
          self: true,
        }),
      /does not declare/,
    ],
    [
      'a group without a role',
      (stack) => (untagged(stack), add(stack, OUT, 'x', egress('search', 'other', 443))),
      /no part of the perimeter/,
    ],
    [
      'a second group of the service',
      (stack) => {
        untagged(stack);
        get(stack, 'aws_security_group', 'other').egress = {
          protocol: '-1',
          from_port: 0,
          to_port: 0,
          cidr_blocks: ['0.0.0.0/0'],
        };
        const config = get(stack, 'aws_ecs_service', 'search').network_configuration as Block;
        config.security_groups = ['${aws_security_group.search.id}', '${aws_security_group.other.id}'];
      },
      /aws_security_group\.other lets it out/,
    ],
    [
      'S3 without a gateway endpoint',
      (stack) => {
        stack.data.aws_prefix_list = { ddb: { name: 'com.amazonaws.eu-west-1.dynamodb' } };
        out(stack, { prefix_list_id: '${data.aws_prefix_list.ddb.id}' });
      },
      /there is no gateway endpoint/,
    ],
    [
      'the prefix list of CloudFront',
      (stack) => {
        stack.data.aws_ec2_managed_prefix_list = { cf: { name: 'com.amazonaws.global.cloudfront.origin-facing' } };
        out(stack, { prefix_list_id: '${data.aws_ec2_managed_prefix_list.cf.id}' });
      },
      /out to the addresses of/,
    ],
    [
      'a prefix list of its own',
      (stack) => {
        add(stack, 'aws_ec2_managed_prefix_list', 'own', { name: 'x', address_family: 'IPv4', max_entries: 1 });
        add(stack, 'aws_ec2_managed_prefix_list_entry', 'e', {
          prefix_list_id: '${aws_ec2_managed_prefix_list.own.id}',
          cidr: '198.51.100.0/24',
        });
        out(stack, { prefix_list_id: '${aws_ec2_managed_prefix_list.own.id}' });
      },
      /198\.51\.100\.0/,
    ],
    [
      "an endpoint's group on a load balancer",
      (stack) =>
        add(stack, 'aws_lb', 'x', {
          internal: true,
          subnets: ['${aws_subnet.egress.id}'],
          security_groups: ['${aws_security_group.logs.id}'],
        }),
      /role is endpoint, but it is no endpoint/,
    ],
    [
      'the groups of two workloads',
      (stack) => {
        const config = get(stack, 'aws_ecs_service', 'search').network_configuration as Block;
        config.security_groups = ['${aws_security_group.search.id}', '${aws_security_group.notes.id}'];
      },
      /the groups of search and notes/,
    ],
    [
      'an instance with a second interface',
      (stack) => {
        untagged(stack);
        get(stack, 'aws_security_group', 'other').egress = {
          protocol: '-1',
          from_port: 0,
          to_port: 0,
          cidr_blocks: ['0.0.0.0/0'],
        };
        add(stack, 'aws_network_interface', 'front', {
          subnet_id: '${aws_subnet.egress.id}',
          security_groups: ['${aws_security_group.other.id}'],
        });
        add(stack, 'aws_instance', 'box', {
          subnet_id: '${aws_subnet.isolated.id}',
          vpc_security_group_ids: ['${aws_security_group.search.id}'],
          metadata_options: { http_tokens: 'required', http_put_response_hop_limit: 1 },
        });
        add(stack, 'aws_network_interface_attachment', 'a', {
          instance_id: '${aws_instance.box.id}',
          network_interface_id: '${aws_network_interface.front.id}',
          device_index: 1,
        });
      },
      /aws_security_group\.other lets it out/,
    ],
    [
      'a group that is put on its interface',
      (stack) => {
        untagged(stack);
        get(stack, 'aws_security_group', 'other').egress = {
          protocol: '-1',
          from_port: 0,
          to_port: 0,
          cidr_blocks: ['0.0.0.0/0'],
        };
        add(stack, 'aws_network_interface', 'eni', {
          subnet_id: '${aws_subnet.isolated.id}',
          security_groups: ['${aws_security_group.search.id}'],
        });
        add(stack, 'aws_network_interface_sg_attachment', 'x', {
          network_interface_id: '${aws_network_interface.eni.id}',
          security_group_id: '${aws_security_group.other.id}',
        });
      },
      /aws_security_group\.other lets it out/,
    ],
  ])('%s breaks it', (_, change, message) => {
    const proof = proveChanged(change);
    expect(claimOf(proof, 'C2').status).toBe('broken');
    expect(findings(proof, 'C2').join('\n')).toMatch(message);
    expect(proof.verdict).toBe('leak');
  });
});
