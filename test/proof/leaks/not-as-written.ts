import { id, onInstances, VPC } from '../support/base';
import { get, type Block, type Stack } from '../support/sealed';
import type { Leak } from './leak';
import { unknown } from './unknown';

/** A `removed` block of a route. */
function removed(how: string, lifecycle: Block | undefined): Leak {
  return unknown(`a route that may stay in AWS, ${how}`, ['C8'], 'removed aws_route.old', (stack) => {
    stack.removed = [{ from: 'aws_route.old', ...(lifecycle && { lifecycle }) }];
  });
}

/** An attribute that stays as it was made. */
function ignored(type: string, name: string, key: string, claims: Leak['unproven'], names = `${type}.${name}`): Leak {
  return unknown(`${type}.${name}, whose ${key} stays as it was made`, claims, names, (stack) => {
    get(stack, type, name).lifecycle = { ignore_changes: [key] };
  });
}

function imported(name: string, to: string): Leak {
  return unknown(name, ['C8'], `import ${to.replace(/^\$\{|\}$/g, '')}`, (stack: Stack) => {
    stack.import = [{ to, id: 'x-0123456789abcdef0' }];
  });
}

/** Hosts that take some version of a launch template. */
function version(how: string, template: Block, taken: Block): Leak {
  return unknown(`${how} of the launch template of hosts`, ['C8'], 'aws_autoscaling_group.hosts', (stack) => {
    onInstances(stack);
    Object.assign(get(stack, 'aws_launch_template', 'hosts'), template);
    get(stack, 'aws_autoscaling_group', 'hosts').launch_template = { id: id('aws_launch_template.hosts'), ...taken };
  });
}

/** What is in AWS need not be what is written. */
export const NOT_AS_WRITTEN: readonly Leak[] = [
  version('the default version', { default_version: 1, latest_version: 5 }, { version: '$Default' }),
  version('the default version, which need not follow,', {}, { version: '$Default' }),
  version('no version, which means the default one,', { default_version: 1, latest_version: 5 }, {}),
  version('the default version by reference', {}, { version: '${aws_launch_template.hosts.default_version}' }),
  version('a version that is a variable', {}, { version: '${var.version}' }),
  unknown('an action of Terraform that calls a function', ['C8'], 'action.aws_lambda_invoke.open', (stack) => {
    stack.action = { aws_lambda_invoke: { open: { config: { function_name: 'open' } } } };
  }),
  removed('by what is no literal', { destroy: '${false}' }),
  removed('by a text', { destroy: 'false' }),
  removed('as OpenTofu does where nothing is said', undefined),
  imported('a group that is taken over with the rules that it has', 'aws_security_group.search'),
  imported('a route table that is taken over, written as an expression', '${aws_route_table.isolated}'),
  imported('an instance of several that is taken over', 'aws_subnet.many["a"]'),
  ignored('aws_security_group', 'search', 'egress', ['C2']),
  ignored('aws_security_group', 'gateway', 'ingress', ['C6']),
  ignored('aws_vpc_endpoint', 's3', 'policy', ['C4']),
  ignored('aws_route_table', 'isolated', 'route', ['C1']),
  ignored('aws_subnet', 'isolated', 'map_public_ip_on_launch', ['C3']),
  ignored('aws_ecs_service', 'search', 'task_definition', ['C7']),
  ignored('aws_ecs_service', 'search', 'network_configuration[0].security_groups', ['C8']),
  ignored('aws_route53_resolver_firewall_domain_list', 'allowed', 'domains', ['C5'], 'firewall_rule.allowed'),
  unknown('a subnet that stays as it was made', ['C8'], 'aws_subnet.isolated', (stack) => {
    get(stack, 'aws_subnet', 'isolated').lifecycle = [{ ignore_changes: 'all' }];
  }),
  ...['constructor', '__proto__'].map((type) =>
    unknown(`a type with the name ${type}, which every object of JavaScript has`, ['C8'], `${type}.x`, (stack) => {
      const more = [[type, { x: { vpc_id: VPC } }]] as const;
      stack.resource = Object.fromEntries([...Object.entries(stack.resource), ...more]);
    }),
  ),
];
