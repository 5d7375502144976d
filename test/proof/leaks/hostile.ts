import { arn, container, id, VPC } from '../support/base';
import { add, egress, get, type Block, type Stack } from '../support/sealed';
import type { Leak } from './leak';

const OPEN = [{ cidr_blocks: ['0.0.0.0/0'], protocol: '-1', from_port: 0, to_port: 0 }];
const ROLE = { 'mcp-egress:role': 'workload', 'mcp-egress:workload': 'hidden', 'mcp-egress:port': '10009' };
const LISTS = 'aws_route53_resolver_firewall_domain_list';

/** A workload in the public subnet whose role comes from the tags of a provider. */
function hiddenWorkload(stack: Stack, provider: string): void {
  add(stack, 'aws_security_group', 'hidden', { provider, vpc_id: VPC, egress: OPEN });
  add(stack, 'aws_lambda_function', 'hidden', {
    vpc_config: { subnet_ids: [id('aws_subnet.public')], security_group_ids: [id('aws_security_group.hidden')] },
  });
}

function volume(name: string, block: Block): Leak {
  const change = (stack: Stack): void =>
    void (get(stack, 'aws_ecs_task_definition', 'search').volume = [{ name: 'x', ...block }]);
  return { name, breaks: ['C7'], names: 'aws_ecs_task_definition.search mounts', change };
}

function definition(name: string, names: string, change: (definition: Block) => void): Leak {
  return { name, breaks: ['C7'], names, change: (stack) => container(stack, 'search', change) };
}

function allowed(name: string, domain: string, rest: Pick<Leak, 'breaks' | 'unproven'>): Leak {
  const change = (stack: Stack): void => void (get(stack, LISTS, 'allowed').domains = [domain]);
  return { name, ...rest, names: 'aws_route53_resolver_firewall_rule.allowed', change };
}

function foreign(type: string, block: Block): Leak {
  const change = (stack: Stack): void => add(stack, type, 'x', block);
  return { name: `a ${type} that is told of the network`, unproven: ['C8'], names: `${type}.x`, change };
}

const ATTRIBUTES: readonly Leak[] = [
  {
    name: 'a route to what the tags of an endpoint hold',
    breaks: ['C1'],
    names: 'aws_route.x',
    change: (stack) => {
      get(stack, 'aws_vpc_endpoint', 's3').tags = { other: id('aws_internet_gateway.main') };
      add(stack, 'aws_route', 'x', {
        route_table_id: id('aws_route_table.isolated'),
        destination_cidr_block: '0.0.0.0/0',
        gateway_id: '${aws_vpc_endpoint.s3.tags_all["other"]}',
      });
    },
  },
  {
    name: 'an association with what the tags of a table hold',
    unproven: ['C1'],
    names: 'aws_route_table.isolated.tags_all.other',
    change: (stack) => {
      get(stack, 'aws_route_table', 'isolated').tags = { other: id('aws_route_table.public') };
      get(stack, 'aws_route_table_association', 'isolated').route_table_id =
        '${aws_route_table.isolated.tags_all.other}';
    },
  },
  {
    name: 'a route with a target beside local',
    breaks: ['C1'],
    names: 'aws_route_table.isolated',
    change: (stack) => {
      const route = { cidr_block: '0.0.0.0/0', gateway_id: 'local', nat_gateway_id: id('aws_nat_gateway.main') };
      get(stack, 'aws_route_table', 'isolated').route = [route];
    },
  },
  {
    name: 'an element of a list that begins with empty text',
    breaks: ['C5'],
    names: 'no rule blocks everything',
    change: (stack) => {
      add(stack, LISTS, 'few', { domains: ['example.net'] });
      get(stack, 'aws_route53_resolver_firewall_rule', 'everything').firewall_domain_list_id =
        `\${element(concat([""], [${LISTS}.few.id, ${LISTS}.everything.id]), 1)}`;
    },
  },
  {
    name: 'the second element of a list without doubles',
    unproven: ['C8'],
    names: 'aws_security_group.search',
    change: (stack) => {
      add(stack, 'aws_security_group', 'other', { vpc_id: VPC });
      const [search, other] = ['search', 'other'].map((name) => `aws_security_group.${name}.id`);
      get(stack, 'aws_ecs_service', 'search').network_configuration = {
        subnets: [id('aws_subnet.isolated')],
        security_groups: [`\${element(distinct([${search}, ${search}, ${other}]), 1)}`],
      };
    },
  },
];

const BLOCKS: readonly Leak[] = [
  {
    name: 'a module in a list',
    unproven: ['C8'],
    names: 'module.more',
    change: (stack) => void (stack.module = [{ more: { source: './more' } }]),
  },
  {
    name: 'the tags of a provider in a list',
    breaks: ['C1', 'C2'],
    names: 'aws_lambda_function.hidden',
    change: (stack) => {
      const aliased = { alias: 'tagged', default_tags: [{ tags: ROLE }] };
      Object.assign(stack, { provider: [{ aws: [{ region: 'eu-west-1' }, aliased] }] });
      hiddenWorkload(stack, 'aws.tagged');
    },
  },
  {
    name: 'the tags of a provider under another local name',
    breaks: ['C1', 'C2'],
    names: 'aws_lambda_function.hidden',
    change: (stack) => {
      stack.provider.amazon = [{ default_tags: { tags: ROLE } }];
      hiddenWorkload(stack, 'amazon');
    },
  },
  {
    name: 'a last rule that OpenTofu does not make',
    unproven: ['C8'],
    names: 'aws_route53_resolver_firewall_rule.everything',
    change: (stack) =>
      void (get(stack, 'aws_route53_resolver_firewall_rule', 'everything').lifecycle = { enabled: false }),
  },
  {
    name: 'a route that Terraform forgets and AWS keeps',
    unproven: ['C8'],
    names: 'removed aws_route.old',
    change: (stack) => void (stack.removed = [{ from: 'aws_route.old', lifecycle: { destroy: false } }]),
  },
  {
    name: "a vendor's endpoint without groups, under a default group with the role endpoint",
    breaks: ['C4'],
    names: 'aws_vpc_endpoint.vendor',
    change: (stack) => {
      add(stack, 'aws_default_security_group', 'main', { vpc_id: VPC, tags: { 'mcp-egress:role': 'endpoint' } });
      add(stack, 'aws_vpc_endpoint', 'vendor', {
        vpc_id: VPC,
        vpc_endpoint_type: 'Interface',
        service_name: 'com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0',
      });
      add(stack, 'aws_vpc_security_group_egress_rule', 'vendor', {
        ...egress('search', 'logs', 443),
        referenced_security_group_id: id('aws_default_security_group.main'),
      });
    },
  },
  {
    name: 'a document of Systems Manager that names the group of a workload',
    unproven: ['C8'],
    names: 'aws_ssm_document.run',
    change: (stack) =>
      add(stack, 'aws_ssm_document', 'run', {
        content: JSON.stringify({ inputs: { Api: 'RunTask', securityGroups: [id('aws_security_group.search')] } }),
      }),
  },
  {
    name: 'a schedule of Pipes that runs a task with the group of a workload in the public subnet',
    breaks: ['C1', 'C3', 'C7'],
    unproven: ['C8'],
    names: 'aws_pipes_pipe.x',
    change: (stack) => {
      const aws_vpc_configuration = {
        subnets: [id('aws_subnet.public')],
        security_groups: [id('aws_security_group.search')],
        assign_public_ip: 'ENABLED',
      };
      const ecs_task_parameters = {
        task_definition_arn: arn('aws_ecs_task_definition.gateway'),
        network_configuration: { aws_vpc_configuration },
      };
      add(stack, 'aws_pipes_pipe', 'x', { target_parameters: { ecs_task_parameters } });
    },
  },
];

/** What a colleague would write who knows how the proof reads documents. */
export const HOSTILE: readonly Leak[] = [
  ...ATTRIBUTES,
  ...BLOCKS,
  foreign('spotinst_ocean_ecs', { security_group_ids: [id('aws_security_group.search')] }),
  foreign('databricks_mws_networks', { subnet_ids: [id('aws_subnet.public')], vpc_id: VPC }),
  foreign('shell_script', { environment: { TABLE: id('aws_route_table.isolated') } }),
  volume('a folder of the host by a detour', { host_path: '/opt/../etc' }),
  volume('the socket of Docker by a detour', { host_path: '/./var//run/docker.sock' }),
  volume('the programs of the host', { host_path: '/bin' }),
  volume('the schedules of the host', { host_path: '/var/spool/cron' }),
  volume('the root of the host by a volume of Docker', {
    docker_volume_configuration: { driver: 'local', driver_opts: { type: 'none', o: 'bind', device: '/' } },
  }),
  definition('a disk of the host', '/dev/xvda', (each) => {
    each.linuxParameters = { devices: [{ hostPath: '/dev/xvda' }] };
  }),
  definition('privileged in another case', 'is privileged', (each) => void (each.Privileged = true)),
  definition('a capability by its long name', 'CAP_SYS_ADMIN', (each) => {
    each.linuxParameters = { capabilities: { add: ['CAP_SYS_ADMIN'] } };
  }),
  allowed('every name, behind a space', ' *', { breaks: ['C5'] }),
  allowed('every name, whose spaces a template cuts', ' ${~ "*" ~} ', { unproven: ['C5'] }),
];
