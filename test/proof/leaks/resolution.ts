import { addWorkload, arn, id, onInstances, VPC } from '../support/base';
import { add, get } from '../support/sealed';
import type { Leak } from './leak';
import { unknown } from './unknown';

/** Resources that could do more than the documents show. */
export const RESOLUTION: readonly Leak[] = [
  unknown('a module', ['C8'], 'module.vpn', (stack) => {
    stack.module = { vpn: { source: './vpn', vpc_id: VPC } };
  }),
  unknown('a route that is made for each of something', ['C8', 'C1'], 'aws_route.leak', (stack) =>
    add(stack, 'aws_route', 'leak', {
      for_each: '${toset(var.tables)}',
      route_table_id: '${each.value}',
      destination_cidr_block: '0.0.0.0/0',
      gateway_id: id('aws_internet_gateway.main'),
    }),
  ),
  unknown('a workload made as often as a variable says', ['C8'], 'aws_instance.crawler', (stack) => {
    get(stack, 'aws_instance', 'crawler').count = '${var.crawlers}';
  }),
  unknown('a type that the proof does not know, with a subnet', ['C8'], 'aws_quantum_tunnel.main', (stack) =>
    add(stack, 'aws_quantum_tunnel', 'main', { subnet_id: id('aws_subnet.isolated') }),
  ),
  unknown(
    'a client VPN into the subnet of the workloads',
    ['C8'],
    'aws_ec2_client_vpn_network_association.office',
    (stack) =>
      add(stack, 'aws_ec2_client_vpn_network_association', 'office', {
        client_vpn_endpoint_id: 'cvpn-endpoint-0123456789abcdef0',
        subnet_id: id('aws_subnet.isolated'),
      }),
  ),
  unknown('traffic of an instance mirrored elsewhere', ['C8'], 'aws_ec2_traffic_mirror_session.tap', (stack) =>
    add(stack, 'aws_ec2_traffic_mirror_session', 'tap', {
      network_interface_id: '${aws_instance.crawler.primary_network_interface_id}',
      session_number: 1,
      traffic_mirror_filter_id: 'tmf-0123456789abcdef0',
      traffic_mirror_target_id: 'tmt-0123456789abcdef0',
    }),
  ),
  unknown('a subnet shared with other accounts', ['C8'], 'aws_ram_resource_association.subnet', (stack) =>
    add(stack, 'aws_ram_resource_association', 'subnet', {
      resource_arn: arn('aws_subnet.isolated'),
      resource_share_arn: 'arn:aws:ram:eu-west-1:111111111111:resource-share/1',
    }),
  ),
  unknown('a stack of CloudFormation', ['C8'], 'aws_cloudformation_stack.legacy', (stack) =>
    add(stack, 'aws_cloudformation_stack', 'legacy', { name: 'legacy', template_url: 'https://example.com/t.json' }),
  ),
  unknown('a resource of the Cloud Control API', ['C8'], 'awscc_ec2_route.leak', (stack) =>
    add(stack, 'awscc_ec2_route', 'leak', {
      route_table_id: id('aws_route_table.isolated'),
      gateway_id: id('aws_internet_gateway.main'),
    }),
  ),
  unknown('a program that runs at apply', ['C8'], 'terraform_data.hack', (stack) =>
    add(stack, 'terraform_data', 'hack', { provisioner: [{ 'local-exec': { command: 'aws ec2 create-route' } }] }),
  ),
  unknown('a role that nobody knows', ['C8'], 'aws_security_group.odd', (stack) =>
    add(stack, 'aws_security_group', 'odd', { vpc_id: VPC, tags: { 'mcp-egress:role': 'wrokload' } }),
  ),
  unknown('a group whose tags are a variable', ['C8'], 'aws_security_group.odd', (stack) =>
    add(stack, 'aws_security_group', 'odd', { vpc_id: VPC, tags: '${var.tags}' }),
  ),
  unknown('a role that a resource of its own gives to a group', ['C8'], 'aws_ec2_tag.role', (stack) => {
    add(stack, 'aws_security_group', 'hidden', { vpc_id: VPC });
    add(stack, 'aws_ec2_tag', 'role', {
      resource_id: id('aws_security_group.hidden'),
      key: 'mcp-egress:role',
      value: 'workload',
    });
  }),
  unknown('a function whose network is a dynamic block', ['C8'], 'aws_lambda_function.relay', (stack) =>
    add(stack, 'aws_lambda_function', 'relay', {
      function_name: 'relay',
      dynamic: {
        vpc_config: {
          for_each: '${var.networks}',
          content: [
            { subnet_ids: '${vpc_config.value.subnets}', security_group_ids: [id('aws_security_group.search')] },
          ],
        },
      },
    }),
  ),
  unknown('a workload of which nothing shows what runs it', ['C8'], 'aws_security_group.ghost', (stack) =>
    addWorkload(stack, 'ghost', 10009),
  ),
  unknown(
    'a workload on a notebook of SageMaker, which has an interface of its own to the Internet',
    ['C8'],
    'aws_sagemaker_notebook_instance.lab',
    (stack) =>
      add(stack, 'aws_sagemaker_notebook_instance', 'lab', {
        subnet_id: id('aws_subnet.isolated'),
        security_groups: [id('aws_security_group.search')],
      }),
  ),
  unknown(
    'a state machine that runs a workload with a network of its own',
    ['C8'],
    'aws_sfn_state_machine.flow',
    (stack) =>
      add(stack, 'aws_sfn_state_machine', 'flow', {
        definition: `{"StartAt":"run","States":{"run":{"Type":"Task","Resource":"arn:aws:states:::ecs:runTask.sync","Parameters":{"TaskDefinition":"${arn('aws_ecs_task_definition.search')}","NetworkConfiguration":{"AwsvpcConfiguration":{"Subnets":["${id('aws_subnet.public')}"],"AssignPublicIp":"ENABLED"}}},"End":true}}}`,
      }),
  ),
  unknown('hosts that ECS manages, of which the document shows little', ['C7'], 'aws_ecs_service.search', (stack) => {
    add(stack, 'aws_ecs_capacity_provider', 'managed', {
      name: 'managed',
      cluster: 'main',
      managed_instances_provider: {
        infrastructure_role_arn: 'arn:aws:iam::111111111111:role/ecs',
        instance_launch_template: {
          ec2_instance_profile_arn: 'arn:aws:iam::111111111111:instance-profile/ecs',
          network_configuration: { subnets: [id('aws_subnet.public')] },
        },
      },
    });
    const search = get(stack, 'aws_ecs_service', 'search');
    delete search.launch_type;
    search.capacity_provider_strategy = [{ capacity_provider: '${aws_ecs_capacity_provider.managed.name}' }];
  }),
  unknown('an old version of the launch template of hosts', ['C8'], 'aws_autoscaling_group.hosts', (stack) => {
    onInstances(stack);
    get(stack, 'aws_autoscaling_group', 'hosts').launch_template = {
      id: id('aws_launch_template.hosts'),
      version: '1',
    };
  }),
];
