import {
  add,
  claimOf,
  failing,
  findings,
  get,
  ingress,
  proveChanged,
  type Block,
  type Stack,
} from '../../../proof/support/sealed';

const IN = 'aws_vpc_security_group_ingress_rule';
const tags = (stack: Stack, group: string): Record<string, unknown> =>
  get(stack, 'aws_security_group', group).tags as Block;
const GATEWAY = {
  security_group_id: '${aws_security_group.gateway.id}',
  ip_protocol: 'tcp',
  from_port: 10000,
  to_port: 10000,
};

describe('C6: the gateway', () => {
  it.each<[string, (stack: Stack) => void, RegExp]>([
    [
      'a CIDR that may use it',
      (stack) => add(stack, IN, 'x', { ...GATEWAY, cidr_ipv4: '10.0.0.0/8' }),
      /an open relay/,
    ],
    [
      'a group without a role',
      (stack) => (
        add(stack, 'aws_security_group', 'other', {}),
        add(stack, IN, 'x', ingress('gateway', 'other', 10000))
      ),
      /which is no workload/,
    ],
    [
      "another workload's port",
      (stack) => add(stack, IN, 'x', ingress('gateway', 'search', 10001)),
      /TCP port 10001, and its port is 10000/,
    ],
    ['a range of ports', (stack) => (get(stack, IN, 'gateway_search').to_port = 10001), /TCP ports 10000 to 10001/],
    [
      'one port for two',
      (stack) => {
        tags(stack, 'notes')['mcp-egress:port'] = '10000';
        Object.assign(get(stack, IN, 'gateway_notes'), { from_port: 10000, to_port: 10000 });
        Object.assign(get(stack, 'aws_vpc_security_group_egress_rule', 'notes_gateway'), {
          from_port: 10000,
          to_port: 10000,
        });
      },
      /which is the port of/,
    ],
    [
      'another group of the gateway that lets in',
      (stack) => {
        add(stack, 'aws_security_group', 'other', {
          ingress: [{ protocol: 'tcp', from_port: 1, to_port: 65535, cidr_blocks: ['0.0.0.0/0'] }],
        });
        (get(stack, 'aws_ecs_service', 'gateway').network_configuration as Block).security_groups = [
          '${aws_security_group.gateway.id}',
          '${aws_security_group.other.id}',
        ];
      },
      /an open relay/,
    ],
    ['observe', (stack) => (tags(stack, 'gateway')['mcp-egress:mode'] = 'observe'), /only observes/],
  ])('%s breaks it', (_, change, message) => {
    const proof = proveChanged(change);
    expect(failing(proof)).toEqual(['C6 broken']);
    expect(findings(proof, 'C6').join('\n')).toMatch(message);
  });

  it.each<[string, (stack: Stack) => void]>([
    ['a peer by variable', (stack) => add(stack, IN, 'x', { ...GATEWAY, referenced_security_group_id: '${var.sg}' })],
    [
      'a rule of a group by id',
      (stack) => add(stack, IN, 'x', { ...GATEWAY, security_group_id: 'sg-1', cidr_ipv4: '0.0.0.0/0' }),
    ],
    ['a mode by variable', (stack) => (tags(stack, 'gateway')['mcp-egress:mode'] = '${var.mode}')],
  ])('%s leaves it unproven', (_, change) => {
    expect(failing(proveChanged(change))).toEqual(['C6 unproven']);
  });

  it.each<[string, (stack: Stack) => void]>([
    [
      'no tags of ports, where the rules agree',
      (stack) => {
        delete tags(stack, 'search')['mcp-egress:port'];
        delete tags(stack, 'notes')['mcp-egress:port'];
      },
    ],
    [
      'a load balancer of the gateway',
      (stack) => {
        add(stack, 'aws_security_group', 'front', {
          vpc_id: '${aws_vpc.main.id}',
          tags: { 'mcp-egress:role': 'gateway' },
        });
        add(stack, IN, 'x', ingress('gateway', 'front', 10000));
        add(stack, 'aws_lb', 'front', {
          internal: true,
          security_groups: ['${aws_security_group.front.id}'],
          subnets: ['${aws_subnet.egress.id}'],
        });
      },
    ],
  ])('%s keeps it', (_, change) => {
    expect(failing(proveChanged(change))).toEqual([]);
  });

  it('takes a gateway that observes only with a reason', () => {
    const change = (stack: Stack) => (tags(stack, 'gateway')['mcp-egress:mode'] = 'observe');
    const proof = proveChanged(change, { accept: [{ claim: 'C6', reason: 'first week' }] });
    expect(proof.verdict).toBe('sealed');
    const tagged = proveChanged((stack) => {
      change(stack);
      tags(stack, 'gateway')['mcp-egress:accept'] = 'C6: first week';
    });
    expect([tagged.verdict, tagged.accepted]).toEqual(['sealed', [{ claim: 'C6', reason: 'first week' }]]);
    expect(claimOf(tagged, 'C6').status).toBe('broken');
  });
});
