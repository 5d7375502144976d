import { proveSealed, type ClaimId, type ClaimResult, type Proof, type ProveOptions } from '../../../lib/proof';

/** A block of a resource, open to changes. */
export type Block = Record<string, unknown>;

/** A document in Terraform's JSON syntax, open to changes. */
export interface Stack {
  resource: Record<string, Record<string, Block>>;
  data: Record<string, Record<string, Block>>;
  provider: Record<string, Block[]>;
  [key: string]: unknown;
}

const CALLER = '${data.aws_caller_identity.here.account_id}';
const REGION = 'eu-west-1';

/** A policy document of some statements. */
export function policy(...Statement: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

/** A statement that pins caller and resource by account. */
export const PINNED = {
  Effect: 'Allow',
  Principal: '*',
  Action: '*',
  Resource: '*',
  Condition: { StringEquals: { 'aws:PrincipalAccount': CALLER, 'aws:ResourceAccount': CALLER } },
} as const;

/** A rule that lets a group out to another one, standalone. */
export function egress(from: string, to: string, port: number): Block {
  return {
    security_group_id: `\${aws_security_group.${from}.id}`,
    referenced_security_group_id: `\${aws_security_group.${to}.id}`,
    ip_protocol: 'tcp',
    from_port: port,
    to_port: port,
  };
}

/** A rule that lets another group into one, standalone. */
export function ingress(to: string, from: string, port: number): Block {
  return egress(to, from, port);
}

function group(role: string, rest: Record<string, string> = {}): Block {
  return { vpc_id: '${aws_vpc.main.id}', tags: { 'mcp-egress:role': role, ...rest } };
}

/** A Fargate service of one task definition. */
export function service(name: string, subnet: string): Block {
  return {
    name,
    cluster: '${aws_ecs_cluster.main.arn}',
    launch_type: 'FARGATE',
    task_definition: `\${aws_ecs_task_definition.${name}.arn}`,
    network_configuration: {
      subnets: [`\${aws_subnet.${subnet}.id}`],
      security_groups: [`\${aws_security_group.${name}.id}`],
    },
  };
}

function task(family: string): Block {
  const containers = [
    { name: family, image: `${'1'.repeat(12)}.dkr.ecr.${REGION}.amazonaws.com/${family}`, essential: true },
  ];
  return { family, network_mode: 'awsvpc', container_definitions: JSON.stringify(containers) };
}

function network(): Stack['resource'] {
  const vpc_id = '${aws_vpc.main.id}';
  return {
    aws_vpc: { main: { cidr_block: '10.1.0.0/16', enable_dns_support: true, enable_dns_hostnames: true } },
    aws_internet_gateway: { main: { vpc_id } },
    aws_eip: { nat: { domain: 'vpc' } },
    aws_nat_gateway: { main: { subnet_id: '${aws_subnet.public.id}', allocation_id: '${aws_eip.nat.id}' } },
    aws_subnet: {
      public: { vpc_id, cidr_block: '10.1.0.0/24' },
      egress: { vpc_id, cidr_block: '10.1.1.0/24' },
      isolated: { vpc_id, cidr_block: '10.1.2.0/24' },
    },
    aws_route_table: { public: { vpc_id }, egress: { vpc_id }, isolated: { vpc_id } },
    aws_route_table_association: Object.fromEntries(
      ['public', 'egress', 'isolated'].map((name) => [
        name,
        { subnet_id: `\${aws_subnet.${name}.id}`, route_table_id: `\${aws_route_table.${name}.id}` },
      ]),
    ),
    aws_route: {
      public: {
        route_table_id: '${aws_route_table.public.id}',
        destination_cidr_block: '0.0.0.0/0',
        gateway_id: '${aws_internet_gateway.main.id}',
      },
      egress: {
        route_table_id: '${aws_route_table.egress.id}',
        destination_cidr_block: '0.0.0.0/0',
        nat_gateway_id: '${aws_nat_gateway.main.id}',
      },
    },
  };
}

function groups(): Stack['resource'] {
  const search = { 'mcp-egress:workload': 'search', 'mcp-egress:port': '10000', 'mcp-egress:calls': 'notes:8080' };
  return {
    aws_security_group: {
      search: group('workload', search),
      notes: group('workload', { 'mcp-egress:workload': 'notes', 'mcp-egress:port': '10001' }),
      gateway: group('gateway', { 'mcp-egress:mode': 'enforce' }),
      logs: group('endpoint'),
    },
    aws_vpc_security_group_egress_rule: {
      search_gateway: egress('search', 'gateway', 10000),
      search_notes: egress('search', 'notes', 8080),
      search_logs: egress('search', 'logs', 443),
      search_s3: {
        security_group_id: '${aws_security_group.search.id}',
        prefix_list_id: '${aws_vpc_endpoint.s3.prefix_list_id}',
        ip_protocol: 'tcp',
        from_port: 443,
        to_port: 443,
      },
      notes_gateway: egress('notes', 'gateway', 10001),
      gateway_world: {
        security_group_id: '${aws_security_group.gateway.id}',
        cidr_ipv4: '0.0.0.0/0',
        ip_protocol: 'tcp',
        from_port: 443,
        to_port: 443,
      },
    },
    aws_vpc_security_group_ingress_rule: {
      gateway_search: ingress('gateway', 'search', 10000),
      gateway_notes: ingress('gateway', 'notes', 10001),
      notes_search: ingress('notes', 'search', 8080),
      logs_search: ingress('logs', 'search', 443),
    },
  };
}

function endpoints(): Stack['resource'] {
  const vpc_id = '${aws_vpc.main.id}';
  const layers = {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::prod-${REGION}-starport-layer-bucket/*`,
  };
  return {
    aws_vpc_endpoint: {
      logs: {
        vpc_id,
        service_name: `com.amazonaws.${REGION}.logs`,
        vpc_endpoint_type: 'Interface',
        subnet_ids: ['${aws_subnet.isolated.id}'],
        security_group_ids: ['${aws_security_group.logs.id}'],
        policy: policy(PINNED),
      },
      s3: {
        vpc_id,
        service_name: `com.amazonaws.${REGION}.s3`,
        vpc_endpoint_type: 'Gateway',
        route_table_ids: ['${aws_route_table.isolated.id}'],
        policy: policy(PINNED, layers),
      },
    },
  };
}

function firewall(): Stack['resource'] {
  const rule = (name: string, action: string, priority: number) => ({
    name,
    action,
    priority,
    firewall_rule_group_id: '${aws_route53_resolver_firewall_rule_group.main.id}',
    firewall_domain_list_id: `\${aws_route53_resolver_firewall_domain_list.${name}.id}`,
    ...(action === 'BLOCK' && { block_response: 'NODATA' }),
  });
  return {
    aws_route53_resolver_firewall_rule_group: { main: { name: 'main' } },
    aws_route53_resolver_firewall_domain_list: {
      allowed: { name: 'allowed', domains: ['api.example.com', '*.wikipedia.org'] },
      everything: { name: 'everything', domains: ['*'] },
    },
    aws_route53_resolver_firewall_rule: {
      allowed: rule('allowed', 'ALLOW', 100),
      everything: rule('everything', 'BLOCK', 200),
    },
    aws_route53_resolver_firewall_rule_group_association: {
      main: {
        name: 'main',
        priority: 101,
        firewall_rule_group_id: '${aws_route53_resolver_firewall_rule_group.main.id}',
        vpc_id: '${aws_vpc.main.id}',
      },
    },
  };
}

/**
 * A sealed stack that our constructs did not make: two workloads, of which `search` may call `notes`, a gateway behind a NAT gateway, two
 * endpoints and a DNS Firewall. Each call gives a new one, to be changed at will.
 */
export function sealed(): Stack {
  return {
    provider: { aws: [{ region: REGION }] },
    data: { aws_caller_identity: { here: {} } },
    resource: {
      ...network(),
      ...groups(),
      ...endpoints(),
      ...firewall(),
      aws_ecs_cluster: { main: { name: 'main' } },
      aws_ecs_task_definition: { search: task('search'), notes: task('notes'), gateway: task('gateway') },
      aws_ecs_service: {
        search: service('search', 'isolated'),
        notes: service('notes', 'isolated'),
        gateway: service('gateway', 'egress'),
      },
    },
  };
}

/** The sealed stack after a change. */
export function changed(change: (stack: Stack) => void): Stack {
  const stack = sealed();
  change(stack);
  return stack;
}

/** Adds a resource. */
export function add(stack: Stack, type: string, name: string, block: Block): void {
  (stack.resource[type] ??= {})[name] = block;
}

/** A resource that is there. */
export function get(stack: Stack, type: string, name: string): Block {
  const block = stack.resource[type]?.[name];
  if (!block) throw new Error(`the stack has no ${type}.${name}`);
  return block;
}

/** Proves one stack, as `main.tf.json`. */
export function prove(stack: object, options?: ProveOptions): Proof {
  return proveSealed([{ name: 'main.tf.json', json: stack, text: JSON.stringify(stack, null, 2) }], options);
}

/** Proves the sealed stack after a change. */
export function proveChanged(change: (stack: Stack) => void, options?: ProveOptions): Proof {
  return prove(changed(change), options);
}

/** One claim of a proof. */
export function claimOf({ claims }: Proof, id: ClaimId): ClaimResult {
  const found = claims.find(({ claim }) => claim === id);
  if (!found) throw new Error(`the proof has no ${id}`);
  return found;
}

/** The claims that do not hold: `C1 broken`. */
export function failing({ claims }: Proof): string[] {
  return claims.filter(({ status }) => status !== 'holds').map(({ claim, status }) => `${claim} ${status}`);
}

/** What a claim's findings say, one line each. */
export function findings(proof: Proof, id: ClaimId): string[] {
  return claimOf(proof, id).findings.map(({ what }) => what);
}

/** The sealed stack with one way out, which breaks C1 alone: with the gateway endpoint on that table, no rule of a security group fits its route. */
export function openByRoute(): Stack {
  return changed((stack) => {
    get(stack, 'aws_vpc_endpoint', 's3').route_table_ids = ['${aws_route_table.egress.id}'];
    get(stack, 'aws_route_table_association', 'isolated').route_table_id = '${aws_route_table.egress.id}';
  });
}
