import { id, VPC } from '../support/base';
import { add, get, type Stack } from '../support/sealed';
import type { Leak } from './leak';

const RULE = 'aws_route53_resolver_firewall_rule';
const LIST = 'aws_route53_resolver_firewall_domain_list';
const GROUP = 'aws_route53_resolver_firewall_rule_group';
const ASSOCIATION = 'aws_route53_resolver_firewall_rule_group_association';

/** One more name that the resolver answers. */
function allowed(name: string, domain: string): Leak {
  return {
    name,
    breaks: ['C5'],
    names: domain,
    change: (stack) => {
      (get(stack, LIST, 'allowed').domains as string[]).push(domain);
    },
  };
}

/** A resolver rule that is bound to the VPC. */
function forward(stack: Stack, block: Record<string, unknown>): void {
  add(stack, 'aws_route53_resolver_rule', 'forward', { name: 'forward', rule_type: 'FORWARD', ...block });
  add(stack, 'aws_route53_resolver_rule_association', 'forward', {
    resolver_rule_id: id('aws_route53_resolver_rule.forward'),
    vpc_id: VPC,
  });
}

function outbound(stack: Stack): string {
  add(stack, 'aws_route53_resolver_endpoint', 'out', {
    direction: 'OUTBOUND',
    security_group_ids: [id('aws_security_group.logs')],
    ip_address: [{ subnet_id: id('aws_subnet.egress') }],
  });
  return id('aws_route53_resolver_endpoint.out');
}

const FIREWALL: readonly Leak[] = [
  {
    name: 'no DNS Firewall on the VPC',
    breaks: ['C5'],
    names: 'aws_vpc.main',
    change: (stack) => {
      delete stack.resource[ASSOCIATION];
    },
  },
  {
    name: 'no last rule that blocks the rest',
    breaks: ['C5'],
    names: 'no rule blocks everything',
    change: (stack) => {
      delete stack.resource[RULE]?.everything;
    },
  },
  {
    name: 'a last rule that only warns',
    breaks: ['C5'],
    names: `${RULE}.everything`,
    change: (stack) => {
      get(stack, RULE, 'everything').action = 'ALERT';
    },
  },
  {
    name: 'a last rule that blocks some names',
    breaks: ['C5'],
    names: 'no rule blocks everything',
    change: (stack) => {
      get(stack, LIST, 'everything').domains = ['*.com', '*.net'];
    },
  },
  {
    name: 'a last rule whose list has an empty name',
    breaks: ['C5'],
    names: 'no rule blocks everything',
    change: (stack) => {
      get(stack, LIST, 'everything').domains = ['', '.'];
    },
  },
  {
    name: 'a last rule that blocks one type of question',
    breaks: ['C5'],
    names: 'no rule blocks everything',
    change: (stack) => {
      get(stack, RULE, 'everything').q_type = 'TXT';
    },
  },
  {
    name: 'a rule before all others that allows everything',
    breaks: ['C5'],
    names: `${RULE}.debug`,
    change: (stack) =>
      add(stack, RULE, 'debug', { ...get(stack, RULE, 'everything'), name: 'debug', action: 'ALLOW', priority: 10 }),
  },
  {
    name: 'everything allowed by a group that is asked first',
    breaks: ['C5'],
    names: `${RULE}.early`,
    change: (stack) => {
      add(stack, GROUP, 'early', { name: 'early' });
      add(stack, RULE, 'early', {
        ...get(stack, RULE, 'everything'),
        name: 'early',
        action: 'ALLOW',
        firewall_rule_group_id: id(`${GROUP}.early`),
      });
      add(stack, ASSOCIATION, 'early', {
        name: 'early',
        priority: 100,
        firewall_rule_group_id: id(`${GROUP}.early`),
        vpc_id: VPC,
      });
    },
  },
  {
    name: 'a firewall that lets through what it cannot judge',
    breaks: ['C5'],
    names: 'aws_route53_resolver_firewall_config.main',
    change: (stack) =>
      add(stack, 'aws_route53_resolver_firewall_config', 'main', {
        resource_id: VPC,
        firewall_fail_open: 'ENABLED',
      }),
  },
  {
    name: 'a second VPC with a workload and no firewall',
    breaks: ['C5'],
    names: 'aws_vpc.second',
    change: (stack) => {
      add(stack, 'aws_vpc', 'second', { cidr_block: '10.2.0.0/16' });
      add(stack, 'aws_subnet', 'second', { vpc_id: id('aws_vpc.second'), cidr_block: '10.2.0.0/24' });
      add(stack, 'aws_security_group', 'second', {
        vpc_id: id('aws_vpc.second'),
        tags: { 'mcp-egress:role': 'workload', 'mcp-egress:workload': 'second' },
      });
      add(stack, 'aws_network_interface', 'second', {
        subnet_id: id('aws_subnet.second'),
        security_groups: [id('aws_security_group.second')],
      });
    },
  },
];

const NAMES: readonly Leak[] = [
  allowed('every name', '*'),
  allowed('every name below a public suffix', '*.co.uk'),
  allowed('every name below a top-level domain', '*.com'),
  allowed('every site of a hosting product', '*.github.io'),
  allowed('every function URL of AWS', '*.lambda-url.eu-west-1.on.aws'),
  allowed('every bucket of S3', '*.s3.amazonaws.com'),
  allowed('every distribution of CloudFront', '*.cloudfront.net'),
  allowed('a star in the place of the first letters', '*example.com'),
];

const FORWARDS: readonly Leak[] = [
  {
    name: 'questions forwarded to a resolver of somebody else',
    breaks: ['C5'],
    names: 'aws_route53_resolver_rule.forward',
    change: (stack) =>
      forward(stack, {
        domain_name: 'corp.example.com',
        resolver_endpoint_id: 'rslvr-out-0123456789abcdef0',
        target_ip: [{ ip: '203.0.113.53' }],
      }),
  },
  {
    name: 'every question forwarded to the office, through an endpoint of ours',
    breaks: ['C5', 'C2'],
    names: 'aws_route53_resolver_rule.forward',
    change: (stack) =>
      forward(stack, {
        domain_name: '.',
        resolver_endpoint_id: outbound(stack),
        target_ip: [{ ip: '192.168.1.53' }],
      }),
  },
  {
    name: 'questions forwarded, behind a firewall that blocks everything',
    breaks: ['C5'],
    names: 'aws_route53_resolver_rule.forward',
    change: (stack) => {
      delete stack.resource[RULE]?.allowed;
      forward(stack, { domain_name: 'example.com', target_ip: [{ ip: '10.1.1.53' }, { ip: '203.0.113.53' }] });
    },
  },
  {
    name: 'a zone delegated to name servers elsewhere',
    breaks: ['C5'],
    names: 'aws_route53_resolver_rule.forward',
    change: (stack) => forward(stack, { rule_type: 'DELEGATE', delegation_record: 'ns.example.com' }),
  },
];

export const DNS: readonly Leak[] = [...FIREWALL, ...NAMES, ...FORWARDS];
