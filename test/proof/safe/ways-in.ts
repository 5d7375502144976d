import { accelerator, balancers, blueGreen, deployment, resourceGateway } from '../leaks/more-ways-in';
import { addStranger, arn, id, onInstances, VPC } from '../support/base';
import { add, get, ingress, service, type Stack } from '../support/sealed';
import type { Safe } from './safe';

/** A service that is no workload, behind both load balancers, which CodeDeploy deploys. */
function shop(stack: Stack): void {
  balancers(stack);
  addStranger(stack, 'shop');
  add(stack, 'aws_ecs_task_definition', 'shop', {
    ...get(stack, 'aws_ecs_task_definition', 'search'),
    family: 'shop',
  });
  add(stack, 'aws_ecs_service', 'shop', {
    ...service('shop', 'public'),
    deployment_controller: { type: 'CODE_DEPLOY' },
    load_balancer: [
      { target_group_arn: arn('aws_lb_target_group.green'), container_name: 'shop', container_port: 8080 },
    ],
  });
}

export const WAYS_IN: readonly Safe[] = [
  {
    name: 'hosts behind an internal load balancer by a traffic source',
    change: (stack) => {
      onInstances(stack);
      balancers(stack);
      add(stack, 'aws_autoscaling_traffic_source_attachment', 'hosts', {
        autoscaling_group_name: id('aws_autoscaling_group.hosts'),
        traffic_source: { identifier: arn('aws_lb_target_group.blue'), type: 'elbv2' },
      });
    },
  },
  {
    name: 'a service that CodeDeploy leads from one internal target group to another',
    change: (stack) => {
      blueGreen(stack);
      get(stack, 'aws_lb', 'front').internal = true;
      deployment(stack, ['blue', 'green']);
    },
  },
  {
    name: 'a service that ECS deploys, and says so',
    change: (stack) => {
      get(stack, 'aws_ecs_service', 'search').deployment_controller = [{ type: 'ECS' }];
    },
  },
  {
    name: 'a service elsewhere that CodeDeploy puts before the Internet',
    change: (stack) => {
      shop(stack);
      deployment(stack, ['blue', 'green'], { ecs_service: { cluster_name: 'main', service_name: 'shop' } });
    },
  },
  { name: 'a service elsewhere of which nobody says how CodeDeploy deploys it', change: shop },
  {
    name: 'instances of another application, by a tag, that CodeDeploy puts before the Internet',
    change: (stack) => {
      balancers(stack);
      get(stack, 'aws_instance', 'crawler').tags = { app: 'crawler' };
      deployment(stack, [], {
        ecs_service: undefined,
        ec2_tag_filter: [{ key: 'app', type: 'KEY_AND_VALUE', value: 'shop' }],
        load_balancer_info: { target_group_info: [{ name: 'green' }] },
      });
    },
  },
  {
    name: 'an instance in a registry of Cloud Map that nothing leads to, and a registry with an API and no workload',
    change: (stack) => {
      addStranger(stack, 'shop');
      add(stack, 'aws_instance', 'shop', {
        subnet_id: id('aws_subnet.public'),
        vpc_security_group_ids: [id('aws_security_group.shop')],
      });
      for (const name of ['crawler', 'shop']) {
        add(stack, 'aws_service_discovery_service', name, { name });
        add(stack, 'aws_service_discovery_instance', name, {
          instance_id: name,
          service_id: id(`aws_service_discovery_service.${name}`),
          attributes: { AWS_INSTANCE_IPV4: `\${aws_instance.${name}.private_ip}`, AWS_INSTANCE_PORT: '8080' },
        });
      }
      add(stack, 'aws_apigatewayv2_integration', 'shop', {
        api_id: 'a1b2c3d4e5',
        integration_type: 'HTTP_PROXY',
        connection_type: 'VPC_LINK',
        integration_uri: arn('aws_service_discovery_service.shop'),
      });
    },
  },
  {
    name: 'a resource gateway of VPC Lattice that no workload lets in',
    change: (stack) => {
      resourceGateway(stack, { ip_resource: { ip_address: '10.1.0.10' } });
      add(stack, 'aws_security_group', 'database', { vpc_id: VPC });
      add(stack, 'aws_vpc_security_group_ingress_rule', 'database', ingress('database', 'lattice', 5432));
    },
  },
  {
    name: 'a resource gateway in another VPC, and a workload that lets in whoever is in its own',
    change: (stack) => {
      resourceGateway(stack, { ip_resource: { ip_address: '10.2.0.10' } });
      add(stack, 'aws_vpc', 'other', { cidr_block: '10.1.0.0/16' });
      add(stack, 'aws_subnet', 'other', { vpc_id: id('aws_vpc.other'), cidr_block: '10.1.2.0/24' });
      Object.assign(get(stack, 'aws_vpclattice_resource_gateway', 'main'), {
        vpc_id: id('aws_vpc.other'),
        subnet_ids: [id('aws_subnet.other')],
      });
      add(stack, 'aws_vpc_security_group_ingress_rule', 'notes_vpc', {
        security_group_id: id('aws_security_group.notes'),
        cidr_ipv4: '10.1.0.0/16',
        ip_protocol: 'tcp',
        from_port: 8080,
        to_port: 8080,
      });
    },
  },
  {
    name: 'a Global Accelerator that leads to a subnet without workloads',
    change: (stack) => accelerator(stack, id('aws_subnet.public')),
  },
];
