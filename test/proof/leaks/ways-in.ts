import { addStranger, arn, id, VPC } from '../support/base';
import { add, get, type Block, type Stack } from '../support/sealed';
import type { Leak } from './leak';

function network(stack: Stack, service: string): Block {
  return get(stack, 'aws_ecs_service', service).network_configuration as Block;
}

/** A load balancer whose target group the search service joins. */
function balancer(stack: Stack, block: Block): void {
  addStranger(stack, 'front');
  add(stack, 'aws_lb', 'front', {
    subnets: [id('aws_subnet.public')],
    security_groups: [id('aws_security_group.front')],
    ...block,
  });
  add(stack, 'aws_lb_target_group', 'search', { port: 8080, protocol: 'HTTP', target_type: 'ip', vpc_id: VPC });
  add(stack, 'aws_lb_listener', 'front', {
    load_balancer_arn: arn('aws_lb.front'),
    port: 443,
    default_action: [{ type: 'forward', target_group_arn: arn('aws_lb_target_group.search') }],
  });
  get(stack, 'aws_ecs_service', 'search').load_balancer = [
    { target_group_arn: arn('aws_lb_target_group.search'), container_name: 'search', container_port: 8080 },
  ];
}

const ADDRESSES: readonly Leak[] = [
  {
    name: 'a public address for the tasks of a service',
    breaks: ['C3'],
    names: 'aws_ecs_service.search',
    change: (stack) => {
      network(stack, 'search').assign_public_ip = true;
    },
  },
  {
    name: 'public addresses for all that is launched in the subnet',
    breaks: ['C3'],
    names: 'aws_subnet.isolated',
    change: (stack) => {
      get(stack, 'aws_subnet', 'isolated').map_public_ip_on_launch = true;
    },
  },
  {
    name: 'IPv6 addresses for all that is launched in the subnet',
    breaks: ['C3'],
    names: 'aws_subnet.isolated',
    change: (stack) => {
      get(stack, 'aws_subnet', 'isolated').assign_ipv6_address_on_creation = true;
    },
  },
  {
    name: 'a public address for an instance',
    breaks: ['C3'],
    names: 'aws_instance.crawler',
    change: (stack) => {
      get(stack, 'aws_instance', 'crawler').associate_public_ip_address = true;
    },
  },
  {
    name: 'an elastic IP on an instance',
    breaks: ['C3'],
    names: 'aws_eip.crawler',
    change: (stack) => add(stack, 'aws_eip', 'crawler', { domain: 'vpc', instance: id('aws_instance.crawler') }),
  },
  {
    name: "an elastic IP on the instance's interface, by an association",
    breaks: ['C3'],
    names: 'aws_eip_association.crawler',
    change: (stack) => {
      add(stack, 'aws_eip', 'crawler', { domain: 'vpc' });
      add(stack, 'aws_eip_association', 'crawler', {
        allocation_id: id('aws_eip.crawler'),
        network_interface_id: '${aws_instance.crawler.primary_network_interface_id}',
      });
    },
  },
  {
    name: 'public addresses by a launch template of a workload',
    breaks: ['C3'],
    names: 'aws_launch_template.crawlers',
    change: (stack) => {
      const interfaces = [
        {
          associate_public_ip_address: 'true',
          security_groups: [id('aws_security_group.crawler')],
          subnet_id: id('aws_subnet.isolated'),
        },
      ];
      const metadata_options = get(stack, 'aws_instance', 'crawler').metadata_options;
      add(stack, 'aws_launch_template', 'crawlers', { network_interfaces: interfaces, metadata_options });
    },
  },
  {
    name: 'a public address for a scheduled task of a workload',
    breaks: ['C3'],
    names: 'aws_cloudwatch_event_target.nightly',
    change: (stack) =>
      add(stack, 'aws_cloudwatch_event_target', 'nightly', {
        rule: 'nightly',
        arn: arn('aws_ecs_cluster.main'),
        ecs_target: {
          task_definition_arn: arn('aws_ecs_task_definition.search'),
          launch_type: 'FARGATE',
          network_configuration: {
            assign_public_ip: true,
            subnets: [id('aws_subnet.isolated')],
            security_groups: [id('aws_security_group.search')],
          },
        },
      }),
  },
];

const FRONTS: readonly Leak[] = [
  {
    name: 'an Internet-facing load balancer',
    breaks: ['C3'],
    names: 'aws_lb.front',
    change: (stack) => balancer(stack, { internal: false }),
  },
  {
    name: 'a load balancer that does not say that it is internal',
    breaks: ['C3'],
    names: 'aws_lb.front',
    change: (stack) => balancer(stack, {}),
  },
  {
    name: 'a public network load balancer in front of an internal application load balancer',
    breaks: ['C3'],
    names: 'aws_lb.outer',
    change: (stack) => {
      balancer(stack, { internal: true });
      add(stack, 'aws_lb', 'outer', { load_balancer_type: 'network', subnets: [id('aws_subnet.public')] });
      add(stack, 'aws_lb_target_group', 'inner', { port: 443, protocol: 'TCP', target_type: 'alb', vpc_id: VPC });
      add(stack, 'aws_lb_target_group_attachment', 'inner', {
        target_group_arn: arn('aws_lb_target_group.inner'),
        target_id: arn('aws_lb.front'),
      });
      add(stack, 'aws_lb_listener', 'outer', {
        load_balancer_arn: arn('aws_lb.outer'),
        port: 443,
        default_action: [{ type: 'forward', target_group_arn: arn('aws_lb_target_group.inner') }],
      });
    },
  },
  {
    name: 'a Global Accelerator in front of an internal load balancer',
    breaks: ['C3'],
    names: 'aws_globalaccelerator_endpoint_group.search',
    change: (stack) => {
      balancer(stack, { internal: true });
      add(stack, 'aws_globalaccelerator_endpoint_group', 'search', {
        listener_arn: 'arn:aws:globalaccelerator::111111111111:accelerator/1/listener/2',
        endpoint_configuration: [{ endpoint_id: arn('aws_lb.front') }],
      });
    },
  },
  {
    name: 'a CloudFront VPC origin on an internal load balancer',
    breaks: ['C3'],
    names: 'aws_cloudfront_vpc_origin.search',
    change: (stack) => {
      balancer(stack, { internal: true });
      add(stack, 'aws_cloudfront_vpc_origin', 'search', {
        vpc_origin_endpoint_config: { name: 'search', arn: arn('aws_lb.front'), http_port: 80 },
      });
    },
  },
  {
    name: 'an API Gateway integration on the listener of an internal load balancer',
    breaks: ['C3'],
    names: 'aws_apigatewayv2_integration.search',
    change: (stack) => {
      balancer(stack, { internal: true });
      add(stack, 'aws_apigatewayv2_api', 'tools', { name: 'tools', protocol_type: 'HTTP' });
      add(stack, 'aws_apigatewayv2_integration', 'search', {
        api_id: id('aws_apigatewayv2_api.tools'),
        integration_type: 'HTTP_PROXY',
        integration_uri: arn('aws_lb_listener.front'),
        connection_type: 'VPC_LINK',
      });
    },
  },
  {
    name: 'an API Gateway integration on the registry of Cloud Map, without a load balancer',
    breaks: ['C3'],
    names: 'aws_apigatewayv2_integration.search',
    change: (stack) => {
      add(stack, 'aws_service_discovery_service', 'search', { name: 'search' });
      get(stack, 'aws_ecs_service', 'search').service_registries = {
        registry_arn: arn('aws_service_discovery_service.search'),
      };
      add(stack, 'aws_apigatewayv2_integration', 'search', {
        api_id: 'a1b2c3d4e5',
        integration_type: 'HTTP_PROXY',
        integration_uri: arn('aws_service_discovery_service.search'),
        connection_type: 'VPC_LINK',
      });
    },
  },
  {
    name: 'a PrivateLink service for other networks',
    breaks: ['C3'],
    names: 'aws_vpc_endpoint_service.search',
    change: (stack) => {
      balancer(stack, { internal: true, load_balancer_type: 'network' });
      add(stack, 'aws_vpc_endpoint_service', 'search', {
        acceptance_required: false,
        network_load_balancer_arns: [arn('aws_lb.front')],
      });
    },
  },
  {
    name: 'a classic load balancer on an instance',
    breaks: ['C3'],
    names: 'aws_elb.front',
    change: (stack) => {
      addStranger(stack, 'front');
      add(stack, 'aws_elb', 'front', {
        subnets: [id('aws_subnet.public')],
        security_groups: [id('aws_security_group.front')],
        instances: [id('aws_instance.crawler')],
        listener: [{ instance_port: 80, instance_protocol: 'http', lb_port: 80, lb_protocol: 'http' }],
      });
    },
  },
];

export const WAYS_IN: readonly Leak[] = [...ADDRESSES, ...FRONTS];
