import { addStranger, arn, id, onInstances, VPC } from '../support/base';
import { add, get, ingress, type Block, type Stack } from '../support/sealed';
import type { Leak } from './leak';

/** Two load balancers, `front` on the Internet and `inner`, each with a target group and a listener: `front` leads to `green`. */
export function balancers(stack: Stack): void {
  addStranger(stack, 'front');
  for (const [name, color, internal] of [
    ['front', 'green', false],
    ['inner', 'blue', true],
  ] as const) {
    add(stack, 'aws_lb', name, {
      internal,
      subnets: [id('aws_subnet.public')],
      security_groups: [id('aws_security_group.front')],
    });
    add(stack, 'aws_lb_target_group', color, {
      name: color,
      port: 8080,
      protocol: 'HTTP',
      target_type: 'ip',
      vpc_id: VPC,
    });
    add(stack, 'aws_lb_listener', color, {
      load_balancer_arn: arn(`aws_lb.${name}`),
      port: 443,
      default_action: [{ type: 'forward', target_group_arn: arn(`aws_lb_target_group.${color}`) }],
    });
  }
}

function onHosts(name: string, change: (stack: Stack, source: Block) => void): Leak {
  return {
    name,
    breaks: ['C3'],
    names: 'aws_lb.front',
    change: (stack) => {
      onInstances(stack);
      balancers(stack);
      change(stack, { identifier: arn('aws_lb_target_group.green'), type: 'elbv2' });
    },
  };
}

const TRAFFIC_SOURCES: readonly Leak[] = [
  onHosts('a traffic source for hosts, by a resource of its own', (stack, traffic_source) =>
    add(stack, 'aws_autoscaling_traffic_source_attachment', 'hosts', {
      autoscaling_group_name: id('aws_autoscaling_group.hosts'),
      traffic_source,
    }),
  ),
  onHosts('a traffic source for hosts, in their group', (stack, source) => {
    get(stack, 'aws_autoscaling_group', 'hosts').traffic_source = [source];
  }),
  {
    ...onHosts('a traffic source for hosts that is a variable', (stack) => {
      get(stack, 'aws_autoscaling_group', 'hosts').traffic_source = [{ identifier: '${var.source}', type: 'elbv2' }];
    }),
    breaks: undefined,
    unproven: ['C3'],
    names: 'aws_autoscaling_group.hosts',
  },
];

/** The search service behind the internal load balancer, deployed by CodeDeploy unless told otherwise. */
export function blueGreen(stack: Stack, controller = 'CODE_DEPLOY'): void {
  balancers(stack);
  Object.assign(get(stack, 'aws_ecs_service', 'search'), {
    deployment_controller: { type: controller },
    load_balancer: [
      { target_group_arn: arn('aws_lb_target_group.blue'), container_name: 'search', container_port: 8080 },
    ],
  });
}

/** A deployment group of CodeDeploy for the search service. */
export function deployment(stack: Stack, target_groups: readonly string[], more: Block = {}): void {
  add(stack, 'aws_codedeploy_deployment_group', 'search', {
    app_name: 'search',
    deployment_group_name: 'search',
    service_role_arn: 'arn:aws:iam::111111111111:role/deploy',
    ecs_service: { cluster_name: 'main', service_name: 'search' },
    load_balancer_info: {
      target_group_pair_info: {
        prod_traffic_route: { listener_arns: [arn('aws_lb_listener.blue')] },
        target_group: target_groups.map((name) => ({ name })),
      },
    },
    ...more,
  });
}

function deployed(name: string, found: Partial<Leak>, change: (stack: Stack) => void): Leak {
  return {
    name,
    names: 'aws_lb.front',
    change: (stack) => {
      blueGreen(stack);
      change(stack);
    },
    ...found,
  };
}

const BROKEN: Partial<Leak> = { breaks: ['C3'] };
const UNPROVEN: Partial<Leak> = { unproven: ['C3'], names: 'aws_ecs_service.search' };

const DEPLOYMENTS: readonly Leak[] = [
  deployed('a target group of a public load balancer that CodeDeploy leads to a service', BROKEN, (stack) =>
    deployment(stack, ['blue', 'green']),
  ),
  deployed('such a target group by reference, for a service by reference', BROKEN, (stack) =>
    deployment(stack, ['blue', '${aws_lb_target_group.green.name}'], {
      ecs_service: { cluster_name: 'main', service_name: '${aws_ecs_service.search.name}' },
    }),
  ),
  deployed('a listener of a public load balancer that CodeDeploy leads to a service', BROKEN, (stack) =>
    deployment(stack, [], {
      load_balancer_info: {
        target_group_pair_info: {
          prod_traffic_route: { listener_arns: [arn('aws_lb_listener.blue')] },
          test_traffic_route: { listener_arns: [arn('aws_lb_listener.green')] },
          target_group: [{ name: 'blue' }],
        },
      },
    }),
  ),
  deployed('CodeDeploy for a service whose name is a variable', BROKEN, (stack) =>
    deployment(stack, ['green'], { ecs_service: { cluster_name: 'main', service_name: '${var.service}' } }),
  ),
  deployed('a target group of CodeDeploy that is not in the documents', UNPROVEN, (stack) =>
    deployment(stack, ['blue', 'other']),
  ),
  deployed('a target group of CodeDeploy that is a variable', UNPROVEN, (stack) =>
    deployment(stack, ['blue', '${var.group}']),
  ),
  deployed('a service that CodeDeploy deploys, and nobody says how', UNPROVEN, () => undefined),
  deployed('a service that somebody else deploys, and nobody says how', UNPROVEN, (stack) => {
    get(stack, 'aws_ecs_service', 'search').deployment_controller = { type: 'EXTERNAL' };
  }),
  deployed('a service that ECS leads to a public load balancer when it deploys', BROKEN, (stack) => {
    const search = get(stack, 'aws_ecs_service', 'search');
    search.deployment_controller = { type: 'ECS' };
    const [balancer] = search.load_balancer as Block[];
    search.load_balancer = [
      { ...balancer, advanced_configuration: { alternate_target_group_arn: arn('aws_lb_target_group.green') } },
    ];
  }),
  deployed('a rule of a public load balancer by which ECS tests what it deploys', BROKEN, (stack) => {
    const search = get(stack, 'aws_ecs_service', 'search');
    delete search.deployment_controller;
    add(stack, 'aws_lb_listener_rule', 'test', {
      listener_arn: arn('aws_lb_listener.green'),
      action: [{ type: 'fixed-response', fixed_response: { content_type: 'text/plain', status_code: '503' } }],
    });
    const [balancer] = search.load_balancer as Block[];
    search.load_balancer = [
      { ...balancer, advanced_configuration: { test_listener_rule: arn('aws_lb_listener_rule.test') } },
    ];
  }),
  {
    name: 'instances of a workload, by a tag, that CodeDeploy puts behind a public load balancer',
    ...BROKEN,
    names: 'aws_lb.front',
    change: (stack) => {
      balancers(stack);
      get(stack, 'aws_instance', 'crawler').tags = { app: 'crawler' };
      deployment(stack, [], {
        ecs_service: undefined,
        ec2_tag_set: [{ ec2_tag_filter: [{ key: 'app', type: 'KEY_AND_VALUE', value: 'crawler' }] }],
        load_balancer_info: { target_group_info: [{ name: 'green' }] },
      });
    },
  },
  {
    name: 'groups of instances, which are a variable, that CodeDeploy puts behind a public load balancer',
    unproven: ['C3'],
    names: 'aws_autoscaling_group.hosts',
    change: (stack) => {
      onInstances(stack);
      balancers(stack);
      deployment(stack, [], {
        ecs_service: undefined,
        autoscaling_groups: '${var.groups}',
        load_balancer_info: { target_group_info: [{ name: 'green' }] },
      });
    },
  },
];

/** A resource gateway of VPC Lattice in the subnet of the workloads. */
export function resourceGateway(stack: Stack, definition: Block): void {
  addStranger(stack, 'lattice');
  add(stack, 'aws_vpclattice_resource_gateway', 'main', {
    name: 'main',
    vpc_id: VPC,
    subnet_ids: [id('aws_subnet.isolated')],
    security_group_ids: [id('aws_security_group.lattice')],
  });
  add(stack, 'aws_vpclattice_resource_configuration', 'main', {
    name: 'main',
    resource_gateway_identifier: id('aws_vpclattice_resource_gateway.main'),
    port_ranges: ['8080'],
    protocol: 'TCP',
    resource_configuration_definition: definition,
  });
}

function lattice(name: string, found: Partial<Leak>, definition: Block, rule: Block): Leak {
  return {
    name,
    names: 'aws_vpclattice_resource_gateway.main',
    change: (stack) => {
      resourceGateway(stack, definition);
      add(stack, 'aws_vpc_security_group_ingress_rule', 'search_lattice', {
        ...ingress('search', 'lattice', 8080),
        ...rule,
      });
    },
    ...found,
  };
}

const ADDRESS: Block = { ip_resource: { ip_address: '10.1.2.10' } };
const ANYBODY: Block = { referenced_security_group_id: undefined, cidr_ipv4: '0.0.0.0/0' };

const GATEWAYS: readonly Leak[] = [
  lattice('a resource of VPC Lattice that is an address of workloads', BROKEN, ADDRESS, {}),
  lattice('such a resource, with a workload that lets everybody in', BROKEN, ADDRESS, ANYBODY),
  lattice(
    'a resource gateway that a workload lets in, for a name that may be anybody',
    { unproven: ['C3'] },
    { dns_resource: { domain_name: 'search.internal', ip_address_type: 'IPV4' } },
    {},
  ),
  {
    name: 'a Global Accelerator that leads to whatever stands in a subnet',
    breaks: ['C3'],
    names: 'aws_globalaccelerator_custom_routing_endpoint_group.all',
    change: (stack) => accelerator(stack, id('aws_subnet.isolated')),
  },
  {
    name: 'a Global Accelerator that leads to a subnet that is a variable',
    unproven: ['C3'],
    names: 'aws_globalaccelerator_custom_routing_endpoint_group.all',
    change: (stack) => accelerator(stack, '${var.subnet}'),
  },
];

/** A custom routing accelerator in front of a subnet. */
export function accelerator(stack: Stack, endpoint_id: string): void {
  add(stack, 'aws_globalaccelerator_custom_routing_endpoint_group', 'all', {
    listener_arn: 'arn:aws:globalaccelerator::111111111111:accelerator/1/listener/2',
    destination_configuration: [{ from_port: 8080, to_port: 8080, protocols: ['TCP'] }],
    endpoint_configuration: [{ endpoint_id }],
  });
}

export const MORE_WAYS_IN: readonly Leak[] = [...TRAFFIC_SOURCES, ...DEPLOYMENTS, ...GATEWAYS];
