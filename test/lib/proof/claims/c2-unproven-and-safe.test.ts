import {
  add,
  claimOf,
  failing,
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

describe('C2: what is not known, and what is safe', () => {
  it.each<[string, (stack: Stack) => void, RegExp]>([
    [
      'a peer by variable',
      (stack) => out(stack, { referenced_security_group_id: '${var.peer}' }),
      /peer that is not known: \$\{var\.peer\} is a variable/,
    ],
    ['a peer by id', (stack) => out(stack, { referenced_security_group_id: 'sg-1' }), /sg-1 is not in the documents/],
    ['a CIDR by variable', (stack) => out(stack, { cidr_ipv4: '${var.cidr}' }), /addresses that are not known/],
    ['a prefix list by id', (stack) => out(stack, { prefix_list_id: 'pl-1' }), /prefix list that is not known/],
    [
      'a port by variable',
      (stack) => (get(stack, OUT, 'search_gateway').to_port = '${var.port}'),
      /ports that are not known/,
    ],
    [
      'a rule of a group by variable',
      (stack) => out(stack, { security_group_id: '${var.group}', cidr_ipv4: '0.0.0.0/0' }),
      /may belong to the group of a workload/,
    ],
    [
      'a group that is looked up',
      (stack) => {
        stack.data.aws_security_group = { x: { name: 'x' } };
        out(stack, { referenced_security_group_id: '${data.aws_security_group.x.id}' });
      },
      /is looked up when Terraform runs/,
    ],
    [
      'a group attached to an unknown interface',
      (stack) => {
        add(stack, 'aws_instance', 'box', {
          subnet_id: '${aws_subnet.isolated.id}',
          vpc_security_group_ids: ['${aws_security_group.search.id}'],
          metadata_options: { http_endpoint: 'disabled' },
        });
        add(stack, 'aws_network_interface_sg_attachment', 'x', {
          network_interface_id: '${var.eni}',
          security_group_id: 'sg-1',
        });
      },
      /may put a group on the interface/,
    ],
  ])('%s leaves it unproven', (_, change, message) => {
    const proof = proveChanged(change);
    expect(claimOf(proof, 'C2').status).toBe('unproven');
    expect(findings(proof, 'C2').join('\n')).toMatch(message);
    expect(proof.verdict).toBe('unproven');
  });

  it.each<[string, (stack: Stack) => void]>([
    [
      "the resolver's address on 53",
      (stack) => out(stack, { cidr_ipv4: '10.1.0.2/32', ip_protocol: 'udp', from_port: 53, to_port: 53 }),
    ],
    [
      'S3 by its looked-up prefix list',
      (stack) => {
        stack.data.aws_ec2_managed_prefix_list = {
          s3: { filter: [{ name: 'prefix-list-name', values: ['com.amazonaws.${data.aws_region.here.id}.s3'] }] },
        };
        stack.data.aws_region = { here: {} };
        out(stack, { prefix_list_id: '${data.aws_ec2_managed_prefix_list.s3.id}' });
      },
    ],
    [
      'inline rules',
      (stack) => {
        delete stack.resource[OUT]?.notes_gateway;
        get(stack, 'aws_security_group', 'notes').egress = [
          { protocol: 'tcp', from_port: 10001, to_port: 10001, security_groups: ['${aws_security_group.gateway.id}'] },
        ];
      },
    ],
    [
      'legacy rules',
      (stack) => {
        delete stack.resource[OUT]?.notes_gateway;
        add(stack, 'aws_security_group_rule', 'x', {
          type: 'egress',
          security_group_id: '${aws_security_group.notes.id}',
          protocol: '6',
          from_port: 10001,
          to_port: 10001,
          source_security_group_id: '${aws_security_group.gateway.id}',
        });
      },
    ],
    [
      'an endpoint on its tagged port',
      (stack) => {
        (get(stack, 'aws_security_group', 'logs').tags as Block)['mcp-egress:port'] = '8443';
        Object.assign(get(stack, OUT, 'search_logs'), { from_port: 8443, to_port: 8443 });
      },
    ],
  ])('%s keeps it', (_, change) => {
    expect(failing(proveChanged(change))).toEqual([]);
  });
});
