import { addStranger, base, id } from './support/base';
import { add, egress, ingress, prove, type Stack } from './support/sealed';

const ACCEPT = { accept: [{ claim: 'C2', reason: 'SEC-1' }] } as const;
const WORLD = { ip_protocol: '-1', cidr_ipv4: '0.0.0.0/0' };

/** Lets one group out to another, which lets it in. */
function connect(stack: Stack, from: string, to: string): void {
  add(stack, 'aws_vpc_security_group_egress_rule', `${from}_${to}`, egress(from, to, 443));
  add(stack, 'aws_vpc_security_group_ingress_rule', `${to}_${from}`, ingress(to, from, 443));
}

function addHost(stack: Stack, name: string, subnet: string): void {
  addStranger(stack, name);
  add(stack, 'aws_instance', name, { subnet_id: subnet, vpc_security_group_ids: [id(`aws_security_group.${name}`)] });
}

/** The search workload may reach a first host, that one a second one, which lies in a subnet. */
function chain(subnet: string, more: (stack: Stack) => void = () => undefined): Stack {
  const stack = base();
  addHost(stack, 'a', id('aws_subnet.isolated'));
  addHost(stack, 'b', subnet);
  connect(stack, 'search', 'a');
  connect(stack, 'a', 'b');
  add(stack, 'aws_vpc_security_group_egress_rule', 'b_world', {
    security_group_id: id('aws_security_group.b'),
    ...WORLD,
  });
  more(stack);
  return stack;
}

describe('an acceptance does not count', () => {
  it.each([
    ['in a subnet with a NAT gateway', chain(id('aws_subnet.egress'))],
    ['in a subnet that is only looked up', chain('${data.aws_subnet.other.id}')],
    ['in a subnet that is a variable', chain('${var.subnet}')],
    [
      'with a group that is a variable',
      chain(id('aws_subnet.isolated'), (stack) => {
        delete stack.resource.aws_vpc_security_group_egress_rule?.b_world;
        add(stack, 'aws_network_interface_sg_attachment', 'b', {
          network_interface_id: '${aws_instance.b.primary_network_interface_id}',
          security_group_id: '${var.group}',
        });
      }),
    ],
  ])('where a second host leads on, %s', (_, stack) => {
    const { verdict, completePath, refused } = prove(stack, ACCEPT);
    expect(verdict).toBe('leak');
    expect(completePath?.map(({ address }) => address)).toEqual(
      expect.arrayContaining(['aws_ecs_service.search', 'aws_instance.a', 'aws_instance.b']),
    );
    expect(refused).toEqual([expect.objectContaining({ why: 'a complete path exists today' })]);
  });
});

it('an acceptance counts where the hosts that can be reached lead nowhere, also in a circle', () => {
  const stack = chain(id('aws_subnet.isolated'), (each) => connect(each, 'b', 'a'));
  const { verdict, accepted } = prove(stack, ACCEPT);
  expect([verdict, accepted]).toEqual(['sealed', ACCEPT.accept]);
});
