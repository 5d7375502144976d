import { addStranger, arn, container, id, onInstances, VPC } from '../support/base';
import { add, get, type Block } from '../support/sealed';
import type { Safe } from './safe';

const RULE = 'aws_route53_resolver_firewall_rule';
const LIST = 'aws_route53_resolver_firewall_domain_list';
const GROUP = 'aws_route53_resolver_firewall_rule_group';
const ASSOCIATION = 'aws_route53_resolver_firewall_rule_group_association';

const DNS: readonly Safe[] = [
  {
    name: 'no DNS in the VPC at all',
    change: (stack) => {
      get(stack, 'aws_vpc', 'main').enable_dns_support = false;
      for (const type of [RULE, LIST, GROUP, ASSOCIATION]) delete stack.resource[type];
    },
  },
  {
    name: 'a firewall that says that it fails closed',
    change: (stack) =>
      add(stack, 'aws_route53_resolver_firewall_config', 'main', { resource_id: VPC, firewall_fail_open: 'DISABLED' }),
  },
  {
    name: 'a firewall that blocks everything and allows nothing',
    change: (stack) => {
      delete stack.resource[RULE]?.allowed;
    },
  },
  {
    name: 'everything blocked before the names that are allowed',
    change: (stack) => {
      get(stack, RULE, 'everything').priority = 1;
    },
  },
  {
    name: 'everything by "*."',
    change: (stack) => {
      get(stack, LIST, 'everything').domains = ['*.'];
    },
  },
  {
    name: 'the last rule in a group of its own that is asked later',
    change: (stack) => {
      add(stack, GROUP, 'last', { name: 'last' });
      get(stack, RULE, 'everything').firewall_rule_group_id = id(`${GROUP}.last`);
      add(stack, ASSOCIATION, 'last', {
        name: 'last',
        priority: 9000,
        firewall_rule_group_id: id(`${GROUP}.last`),
        vpc_id: VPC,
      });
    },
  },
  {
    name: "a list of AWS's that is blocked first",
    change: (stack) =>
      add(stack, RULE, 'malware', {
        name: 'malware',
        action: 'BLOCK',
        block_response: 'NXDOMAIN',
        priority: 1,
        firewall_domain_list_id: 'rslvr-fdl-0123456789abcdef',
        firewall_rule_group_id: id(`${GROUP}.main`),
      }),
  },
  {
    name: 'names of AWS services, with the region looked up',
    change: (stack) => {
      stack.data.aws_region = { here: {} };
      stack.data.aws_partition = { here: {} };
      (get(stack, LIST, 'allowed').domains as string[]).push(
        'logs.${data.aws_region.here.name}.${data.aws_partition.here.dns_suffix}.',
        '${data.aws_caller_identity.here.account_id}.dkr.ecr.${data.aws_region.here.name}.amazonaws.com',
      );
    },
  },
  {
    name: 'a private zone of the VPC, and a namespace of Cloud Map',
    change: (stack) => {
      add(stack, 'aws_route53_zone', 'internal', { name: 'internal.example', vpc: [{ vpc_id: VPC }] });
      add(stack, 'aws_service_discovery_private_dns_namespace', 'mcp', { name: 'mcp.internal', vpc: VPC });
      (get(stack, LIST, 'allowed').domains as string[]).push(
        'gateway.${aws_service_discovery_private_dns_namespace.mcp.name}.',
      );
    },
  },
  {
    name: 'an endpoint for questions from outside, and options of DHCP',
    change: (stack) => {
      addStranger(stack, 'resolver');
      add(stack, 'aws_route53_resolver_endpoint', 'in', {
        direction: 'INBOUND',
        security_group_ids: [id('aws_security_group.resolver')],
        ip_address: [{ subnet_id: id('aws_subnet.egress') }],
      });
      add(stack, 'aws_vpc_dhcp_options', 'main', { domain_name_servers: ['AmazonProvidedDNS'] });
      add(stack, 'aws_vpc_dhcp_options_association', 'main', {
        vpc_id: VPC,
        dhcp_options_id: id('aws_vpc_dhcp_options.main'),
      });
    },
  },
  {
    name: 'a rule that takes a zone back to the resolver',
    change: (stack) => {
      add(stack, 'aws_route53_resolver_rule', 'system', { domain_name: 'example.com', rule_type: 'SYSTEM' });
      add(stack, 'aws_route53_resolver_rule_association', 'system', {
        resolver_rule_id: id('aws_route53_resolver_rule.system'),
        vpc_id: VPC,
      });
    },
  },
];

const network = (subnet: string, group: string): Block => ({
  subnets: [id(`aws_subnet.${subnet}`)],
  security_groups: [id(`aws_security_group.${group}`)],
});

const TASKS: readonly Safe[] = [
  { name: 'tasks on instances, whose group has a role', change: onInstances },
  {
    name: 'tasks on instances by a launch template with the user data in plain text',
    change: (stack) => {
      onInstances(stack);
      get(stack, 'aws_launch_template', 'hosts').user_data =
        '${base64encode("#!/bin/bash\\necho ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config\\n")}';
    },
  },
  {
    name: 'the latest version of the launch template, in a policy of several types of instances',
    change: (stack) => {
      onInstances(stack);
      const group = get(stack, 'aws_autoscaling_group', 'hosts');
      delete group.launch_template;
      group.mixed_instances_policy = {
        launch_template: {
          launch_template_specification: {
            launch_template_id: id('aws_launch_template.hosts'),
            version: '${aws_launch_template.hosts.latest_version}',
          },
          override: [{ instance_type: 'm7g.large' }, { instance_type: 'm6g.large' }],
        },
      };
    },
  },
  {
    name: 'IMDS switched off on an instance',
    change: (stack) => {
      get(stack, 'aws_instance', 'crawler').metadata_options = [{ http_endpoint: 'disabled' }];
    },
  },
  {
    name: 'Fargate by a capacity provider',
    change: (stack) => {
      const search = get(stack, 'aws_ecs_service', 'search');
      delete search.launch_type;
      search.capacity_provider_strategy = [{ capacity_provider: 'FARGATE_SPOT', weight: 1 }];
    },
  },
  {
    name: 'Fargate by the default strategy of the cluster',
    change: (stack) => {
      delete get(stack, 'aws_ecs_service', 'search').launch_type;
      add(stack, 'aws_ecs_cluster_capacity_providers', 'main', {
        cluster_name: '${aws_ecs_cluster.main.name}',
        capacity_providers: ['FARGATE'],
        default_capacity_provider_strategy: [{ capacity_provider: 'FARGATE', weight: 1 }],
      });
    },
  },
  {
    name: 'a scheduled task of a workload',
    change: (stack) =>
      add(stack, 'aws_scheduler_schedule', 'nightly', {
        schedule_expression: 'rate(1 day)',
        flexible_time_window: { mode: 'OFF' },
        target: {
          arn: arn('aws_ecs_cluster.main'),
          role_arn: 'arn:aws:iam::111111111111:role/scheduler',
          ecs_parameters: {
            launch_type: 'FARGATE',
            task_definition_arn: arn('aws_ecs_task_definition.search'),
            network_configuration: { ...network('isolated', 'search'), assign_public_ip: false },
          },
        },
      }),
  },
  {
    name: 'an event that starts a task of a workload, and one that starts a function',
    change: (stack) => {
      add(stack, 'aws_cloudwatch_event_target', 'nightly', {
        rule: 'nightly',
        arn: arn('aws_ecs_cluster.main'),
        ecs_target: {
          launch_type: 'FARGATE',
          task_definition_arn: arn('aws_ecs_task_definition.search'),
          network_configuration: network('isolated', 'search'),
        },
      });
      add(stack, 'aws_cloudwatch_event_target', 'mailer', { rule: 'nightly', arn: arn('aws_lambda_function.mailer') });
    },
  },
  {
    name: 'a task set instead of the network of a service',
    change: (stack) => {
      const { network_configuration, ...search } = get(stack, 'aws_ecs_service', 'search');
      stack.resource.aws_ecs_service = {
        ...stack.resource.aws_ecs_service,
        search: { name: search.name, cluster: search.cluster, deployment_controller: { type: 'EXTERNAL' } },
      };
      add(stack, 'aws_ecs_task_set', 'search', {
        service: id('aws_ecs_service.search'),
        cluster: search.cluster,
        task_definition: search.task_definition,
        launch_type: 'FARGATE',
        network_configuration,
      });
    },
  },
  {
    name: 'an internal load balancer in front of a workload for those that may call it',
    change: (stack) => {
      add(stack, 'aws_security_group', 'front', { vpc_id: VPC });
      add(stack, 'aws_lb', 'front', {
        internal: true,
        subnets: [id('aws_subnet.isolated')],
        security_groups: [id('aws_security_group.front')],
      });
      add(stack, 'aws_lb_target_group', 'notes', { port: 8080, protocol: 'HTTP', target_type: 'ip', vpc_id: VPC });
      add(stack, 'aws_lb_listener', 'front', {
        load_balancer_arn: arn('aws_lb.front'),
        port: 80,
        default_action: [{ type: 'forward', target_group_arn: arn('aws_lb_target_group.notes') }],
      });
      get(stack, 'aws_ecs_service', 'notes').load_balancer = [
        { target_group_arn: arn('aws_lb_target_group.notes'), container_name: 'notes', container_port: 8080 },
      ];
    },
  },
  {
    name: 'a service elsewhere, of another task definition, that is reached from the Internet',
    change: (stack) => {
      addStranger(stack, 'shop');
      add(stack, 'aws_ecs_task_definition', 'shop', {
        ...get(stack, 'aws_ecs_task_definition', 'search'),
        family: 'shop',
        network_mode: 'bridge',
      });
      add(stack, 'aws_ecs_service', 'shop', {
        ...get(stack, 'aws_ecs_service', 'search'),
        name: 'shop',
        enable_execute_command: true,
        task_definition: arn('aws_ecs_task_definition.shop'),
        network_configuration: { ...network('public', 'shop'), assign_public_ip: true },
      });
    },
  },
  {
    name: 'a container that writes to a volume of its task, and drops what it may',
    change: (stack) => {
      get(stack, 'aws_ecs_task_definition', 'search').volume = [{ name: 'scratch' }];
      container(stack, 'search', (definition) =>
        Object.assign(definition, {
          privileged: false,
          readonlyRootFilesystem: true,
          linuxParameters: { initProcessEnabled: true, capabilities: { drop: ['ALL'] } },
          mountPoints: [{ sourceVolume: 'scratch', containerPath: '/scratch' }],
        }),
      );
    },
  },
  {
    name: 'a function that is no workload, without a network of its own, and a URL of it',
    change: (stack) => {
      add(stack, 'aws_lambda_function', 'webhook', { function_name: 'webhook' });
      add(stack, 'aws_lambda_function_url', 'webhook', {
        function_name: '${aws_lambda_function.webhook.function_name}',
        authorization_type: 'AWS_IAM',
      });
    },
  },
  {
    name: 'a resource with a count of one, and one that is never made',
    change: (stack) => {
      get(stack, 'aws_instance', 'crawler').count = 1;
      add(stack, 'aws_route', 'never', {
        count: 0,
        route_table_id: id('aws_route_table.isolated'),
        destination_cidr_block: '0.0.0.0/0',
        gateway_id: id('aws_internet_gateway.main'),
      });
    },
  },
];

export const DNS_AND_TASKS: readonly Safe[] = [...DNS, ...TASKS];
