import { addStranger, arn, id, onInstances, VPC } from '../support/base';
import { add, get, type Block, type Stack } from '../support/sealed';
import { stateOf } from '../support/shown';
import type { Leak } from './leak';
import type { ShownLeak } from './plans';

function state(name: string, unproven: Leak['unproven'], names: string, change: (stack: Stack) => void): ShownLeak {
  return { name, unproven, names, make: () => stateOf(change) };
}

/** A load balancer that faces the Internet, and leads to a target. */
function balanced(target_id: string, more: Block = {}): (stack: Stack) => void {
  return (stack) => {
    Object.assign(get(stack, 'aws_instance', 'crawler'), more);
    addStranger(stack, 'front');
    add(stack, 'aws_lb', 'front', {
      internal: false,
      subnets: [id('aws_subnet.public')],
      security_groups: [id('aws_security_group.front')],
    });
    add(stack, 'aws_lb_target_group', 'front', { port: 8080, protocol: 'HTTP', target_type: 'ip', vpc_id: VPC });
    add(stack, 'aws_lb_target_group_attachment', 'front', {
      target_group_arn: arn('aws_lb_target_group.front'),
      target_id,
    });
    add(stack, 'aws_lb_listener', 'front', {
      load_balancer_arn: arn('aws_lb.front'),
      port: 443,
      default_action: [{ type: 'forward', target_group_arn: arn('aws_lb_target_group.front') }],
    });
  };
}

/** States that name interfaces and instances which AWS has made, and which are no resources. */
export const STATES: readonly ShownLeak[] = [
  state('an open group on the interface of a task', ['C2'], 'aws_network_interface_sg_attachment.open', (stack) => {
    addStranger(stack, 'open');
    add(stack, 'aws_network_interface_sg_attachment', 'open', {
      security_group_id: id('aws_security_group.open'),
      network_interface_id: 'eni-0123456789abcdef0',
    });
  }),
  state('a public address of an instance of a group', ['C3'], 'aws_eip_association.leak', (stack) => {
    onInstances(stack);
    add(stack, 'aws_eip_association', 'leak', {
      allocation_id: id('aws_eip.nat'),
      instance_id: 'i-0123456789abcdef0',
    });
  }),
  state('a public address of the interface of a task', ['C3'], 'aws_eip.leak', (stack) =>
    add(stack, 'aws_eip', 'leak', { network_interface: 'eni-0123456789abcdef0' }),
  ),
  state(
    'a load balancer that leads to the address of an instance',
    ['C3'],
    'aws_lb_target_group_attachment.front',
    balanced('10.1.2.17', { private_ip: '10.1.2.17' }),
  ),
  state('a load balancer that leads to an instance of a group', ['C3'], 'attachment.front', (stack) => {
    onInstances(stack);
    balanced('i-0123456789abcdef0')(stack);
  }),
];
