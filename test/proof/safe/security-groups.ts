import { addStranger, id, interfaceEndpoint, out, VPC } from '../support/base';
import { add, egress, get, ingress, PINNED, policy, type Block, type Stack } from '../support/sealed';
import type { Safe } from './safe';

const EGRESS = 'aws_vpc_security_group_egress_rule';
const INGRESS = 'aws_vpc_security_group_ingress_rule';

/** Takes standalone rules away; their place is taken by what follows. */
function without(stack: Stack, type: string, ...names: readonly string[]): void {
  for (const name of names) delete stack.resource[type]?.[name];
}

const tcp = (port: number | string, group: string): Block => ({
  protocol: 'tcp',
  from_port: port,
  to_port: port,
  security_groups: [id(`aws_security_group.${group}`)],
});

const tagsOf = (stack: Stack, group: string): Block => get(stack, 'aws_security_group', group).tags as Block;

export const SECURITY_GROUPS: readonly Safe[] = [
  {
    name: 'inline rules of a workload',
    change: (stack) => {
      without(stack, EGRESS, 'search_gateway', 'search_notes', 'search_logs');
      get(stack, 'aws_security_group', 'search').egress = [
        tcp(10000, 'gateway'),
        tcp('8080', 'notes'),
        { ...tcp(443, 'logs'), protocol: '6' },
      ];
    },
  },
  {
    name: 'inline rules of the gateway',
    change: (stack) => {
      without(stack, INGRESS, 'gateway_search', 'gateway_notes');
      get(stack, 'aws_security_group', 'gateway').ingress = [tcp(10000, 'search'), tcp(10001, 'notes')];
    },
  },
  {
    name: 'rules of the legacy kind',
    change: (stack) => {
      without(stack, EGRESS, 'search_gateway');
      without(stack, INGRESS, 'gateway_search');
      const common = { protocol: 'tcp', from_port: 10000, to_port: 10000 };
      add(stack, 'aws_security_group_rule', 'out', {
        ...common,
        type: 'egress',
        security_group_id: id('aws_security_group.search'),
        source_security_group_id: id('aws_security_group.gateway'),
      });
      add(stack, 'aws_security_group_rule', 'in', {
        ...common,
        type: 'ingress',
        security_group_id: id('aws_security_group.gateway'),
        source_security_group_id: id('aws_security_group.search'),
      });
    },
  },
  {
    name: "S3's prefix list by a data source, inline",
    change: (stack) => {
      without(stack, EGRESS, 'search_s3');
      stack.data.aws_prefix_list = { s3: { name: 'com.amazonaws.eu-west-1.s3' } };
      get(stack, 'aws_security_group', 'search').egress = [
        { protocol: 'tcp', from_port: 443, to_port: 443, prefix_list_ids: [id('data.aws_prefix_list.s3')] },
      ];
    },
  },
  {
    name: "S3's prefix list by the data source of managed lists, its region looked up",
    change: (stack) => {
      stack.data.aws_region = { here: {} };
      stack.data.aws_ec2_managed_prefix_list = { s3: { name: 'com.amazonaws.${data.aws_region.here.name}.s3' } };
      get(stack, EGRESS, 'search_s3').prefix_list_id = id('data.aws_ec2_managed_prefix_list.s3');
    },
  },
  {
    name: "questions to the VPC's own resolver",
    change: (stack) => {
      for (const [name, protocol] of [
        ['dns_udp', 'udp'],
        ['dns_tcp', 'tcp'],
      ] as const)
        add(stack, EGRESS, name, out({ cidr_ipv4: '10.1.0.2/32', ip_protocol: protocol, from_port: 53, to_port: 53 }));
      add(
        stack,
        EGRESS,
        'dns_local',
        out({ cidr_ipv4: '169.254.169.253/32', ip_protocol: 'udp', from_port: 53, to_port: 53 }),
      );
    },
  },
  {
    name: 'ports without tags, on which the rules agree',
    change: (stack) => {
      for (const name of ['search', 'notes']) delete tagsOf(stack, name)['mcp-egress:port'];
    },
  },
  {
    name: 'roles by the tags of the provider for most, and by tags of their own',
    change: (stack) => {
      stack.provider.aws = [
        { region: 'eu-west-1', default_tags: [{ tags: { team: 'agents', 'mcp-egress:mode': 'enforce' } }] },
      ];
    },
  },
  {
    name: 'tags by merge of locals',
    change: (stack) => {
      stack.locals = { common: { team: 'agents' }, search: tagsOf(stack, 'search') };
      get(stack, 'aws_security_group', 'search').tags = '${merge(local.common, local.search)}';
    },
  },
  {
    name: 'several calls, and the ports of each',
    change: (stack) => {
      tagsOf(stack, 'search')['mcp-egress:calls'] = 'notes:8080/notes:8081/mailer:9000';
      add(stack, EGRESS, 'search_mailer', egress('search', 'mailer', 9000));
      add(stack, EGRESS, 'search_notes2', egress('search', 'notes', 8081));
      add(stack, INGRESS, 'mailer_search', ingress('mailer', 'search', 9000));
    },
  },
  {
    name: 'an endpoint on a port of its own, by its tag',
    change: (stack) => {
      const tags = { 'mcp-egress:role': 'endpoint', 'mcp-egress:port': '8443' };
      add(stack, 'aws_security_group', 'vectors', { vpc_id: VPC, tags });
      add(stack, EGRESS, 'search_vectors', egress('search', 'vectors', 8443));
      const endpoint = interfaceEndpoint('com.amazonaws.eu-west-1.bedrock-runtime', policy(PINNED), 'vectors');
      add(stack, 'aws_vpc_endpoint', 'vectors', endpoint);
    },
  },
  {
    name: 'one group for all endpoints',
    change: (stack) => {
      for (const service of ['ecr.api', 'ecr.dkr', 'bedrock-runtime'])
        add(
          stack,
          'aws_vpc_endpoint',
          service.replace('.', '_'),
          interfaceEndpoint(`com.amazonaws.eu-west-1.${service}`, policy(PINNED)),
        );
    },
  },
  {
    name: 'a group of endpoints on an OpenSearch domain in the VPC, and on one of OpenSearch Serverless',
    change: (stack) => {
      add(stack, 'aws_opensearch_domain', 'kb', {
        domain_name: 'kb',
        vpc_options: { subnet_ids: [id('aws_subnet.isolated')], security_group_ids: [id('aws_security_group.logs')] },
      });
      add(stack, 'aws_opensearchserverless_vpc_endpoint', 'kb', {
        name: 'kb',
        vpc_id: VPC,
        subnet_ids: [id('aws_subnet.isolated')],
        security_group_ids: [id('aws_security_group.logs')],
      });
    },
  },
  {
    name: 'groups of strangers that are open, and reach nobody of the perimeter',
    change: (stack) => {
      addStranger(stack, 'web');
      add(stack, EGRESS, 'web', {
        ...out({ cidr_ipv4: '0.0.0.0/0' }),
        security_group_id: id('aws_security_group.web'),
      });
      add(stack, INGRESS, 'web', {
        security_group_id: id('aws_security_group.web'),
        cidr_ipv4: '0.0.0.0/0',
        ip_protocol: 'tcp',
        from_port: 443,
        to_port: 443,
      });
    },
  },
  {
    name: 'the default group of the VPC, emptied',
    change: (stack) => add(stack, 'aws_default_security_group', 'main', { vpc_id: VPC }),
  },
  {
    name: 'the default group of the VPC, emptied, on a workload as well',
    change: (stack) => {
      add(stack, 'aws_default_security_group', 'main', { vpc_id: VPC, ingress: [], egress: [] });
      const service = get(stack, 'aws_ecs_service', 'notes').network_configuration as { security_groups: string[] };
      service.security_groups.push(id('aws_default_security_group.main'));
    },
  },
  {
    name: 'the group of an instance by an attachment',
    change: (stack) => {
      add(stack, 'aws_default_security_group', 'main', { vpc_id: VPC });
      delete get(stack, 'aws_instance', 'crawler').vpc_security_group_ids;
      add(stack, 'aws_network_interface_sg_attachment', 'crawler', {
        security_group_id: id('aws_security_group.crawler'),
        network_interface_id: '${aws_instance.crawler.primary_network_interface_id}',
      });
    },
  },
  {
    name: 'an interface of its own for an instance',
    change: (stack) => {
      const crawler = get(stack, 'aws_instance', 'crawler');
      delete crawler.vpc_security_group_ids;
      delete crawler.subnet_id;
      crawler.network_interface = [{ device_index: 0, network_interface_id: id('aws_network_interface.crawler') }];
      add(stack, 'aws_network_interface', 'crawler', {
        subnet_id: id('aws_subnet.isolated'),
        security_groups: [id('aws_security_group.crawler')],
      });
    },
  },
  {
    name: 'a load balancer in front of the gateway, tagged as part of it',
    change: (stack) => {
      add(stack, 'aws_security_group', 'front', { vpc_id: VPC, tags: { 'mcp-egress:role': 'gateway' } });
      add(stack, 'aws_lb', 'front', {
        load_balancer_type: 'network',
        internal: true,
        subnets: [id('aws_subnet.egress')],
        security_groups: [id('aws_security_group.front')],
      });
      add(stack, EGRESS, 'front_gateway', egress('front', 'gateway', 10000));
      add(stack, INGRESS, 'gateway_front', ingress('gateway', 'front', 10000));
      get(stack, EGRESS, 'search_gateway').referenced_security_group_id = id('aws_security_group.front');
      get(stack, INGRESS, 'gateway_search').security_group_id = id('aws_security_group.front');
    },
  },
  {
    name: 'a gateway that a workload of its own port alone uses, and that has no rule out at all',
    change: (stack) => without(stack, EGRESS, 'gateway_world'),
  },
];
