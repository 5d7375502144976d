import { DnsFirewall, type DnsFirewallProps } from '../../../constructs/aws/dns-firewall';
import { McpNetwork } from '../../../constructs/aws/mcp-network';
import { RoleSecurityGroup } from '../../../constructs/aws/role-security-group';
import { writeLogs } from '../../../lib/network';
import { examplePolicy, policyOf } from '../support/policies';
import { failure, synthesized, type Attributes, type Synthesized } from '../support/synth';

function firewall(props: Partial<DnsFirewallProps> = {}, after: (network: McpNetwork) => void = () => undefined) {
  return synthesized((scope) => {
    const network = new McpNetwork(scope, 'network');
    new DnsFirewall(scope, 'dns', { network, policy: examplePolicy(), ...props });
    after(network);
  });
}

interface Read {
  readonly name: string;
  readonly action: string;
  readonly domains: readonly string[];
  readonly rule: Attributes;
}

/** The rules in the order in which the resolver reads them, without the environment's name. */
function rules(stack: Synthesized): readonly Read[] {
  return [...stack.list('aws_route53_resolver_firewall_rule')]
    .sort((a, b) => a.priority - b.priority)
    .map((rule) => ({
      name: (rule.name as string).replace('mcp-egress-', ''),
      action: rule.action,
      domains: stack.named('aws_route53_resolver_firewall_domain_list', rule.name as string).domains,
      rule,
    }));
}

test('names of AWS, of the policy and its wildcards are answered; everything else is blocked', () => {
  const read = rules(firewall());
  expect(read.map(({ name, action, domains }) => [name, action, domains])).toEqual([
    ['aws', 'ALLOW', []],
    ['policy', 'ALLOW', ['api.example.com.', 'model.example.net.', 'wikipedia.org.']],
    ['wildcards', 'ALLOW', ['*.wikipedia.org.']],
    ['everything', 'BLOCK', ['*.']],
  ]);
  expect(read.map(({ rule }) => rule.priority)).toEqual([100, 101, 102, 9000]);
});

test('names behind an allowed one are allowed; a blocked one does not exist', () => {
  const read = rules(firewall());
  const last = read.at(-1)?.rule;
  for (const { rule } of read.slice(0, -1)) {
    expect(rule.firewall_domain_redirection_action).toBe('TRUST_REDIRECTION_DOMAIN');
    expect(rule.block_response).toBeUndefined();
  }
  expect(last).toMatchObject({ block_response: 'NXDOMAIN' });
  expect(last?.firewall_domain_redirection_action).toBeUndefined();
});

test('it fails closed, and is bound after its rules are there', () => {
  const stack = firewall();
  expect(stack.only('aws_route53_resolver_firewall_config').firewall_fail_open).toBe('DISABLED');
  const association = stack.only('aws_route53_resolver_firewall_rule_group_association');
  expect(association.priority).toBe(101);
  expect([...association.depends_on].sort()).toEqual(
    Object.keys(stack.resources('aws_route53_resolver_firewall_rule'))
      .map((id) => `aws_route53_resolver_firewall_rule.${id}`)
      .sort(),
  );
});

test('endpoints and names that are added afterwards are answered as well', () => {
  const late: string[] = [];
  const stack = firewall({ names: () => late }, (network) => {
    const common = { vpcId: 'vpc-1', role: 'workload', description: 'x' } as const;
    const peer = new RoleSecurityGroup(network, 'peer', { ...common, groupName: 'peer', peerName: 'peer' });
    network.endpoints.grant('logs', peer, () => writeLogs(['arn:x']));
    late.push('gateway.mcp.internal', 'Gateway.MCP.internal.');
  });
  expect(rules(stack)[0]?.domains).toEqual([
    'gateway.mcp.internal.',
    expect.stringMatching(/^logs\.\$\{data\.aws_region\..*\}\.\$\{data\.aws_partition\..*\}\.$/),
  ]);
});

test('in mode observe the last rule lets through and says so', () => {
  const stack = firewall({ policy: examplePolicy('observe') });
  expect(rules(stack).at(-1)).toMatchObject({ name: 'everything', action: 'ALERT', domains: ['*.'] });
  expect(rules(stack).at(-1)?.rule.block_response).toBeUndefined();
  expect(stack.warnings).toContain(
    'the policy is in mode observe: names that it does not have are answered and only logged.',
  );
});

test('more than 1,000 names are several lists, one after another', () => {
  const hosts = Array.from({ length: 2001 }, (_, index) => `h${index}.example.com`);
  const read = rules(firewall({ policy: policyOf([{ hosts }, { host: '*.example.org' }]) }));
  expect(read.map(({ name, domains }) => [name, domains.length])).toEqual([
    ['aws', 0],
    ['policy', 1000],
    ['policy-2', 1000],
    ['policy-3', 1],
    ['wildcards', 1],
    ['everything', 1],
  ]);
  expect(
    read
      .slice(1, 4)
      .flatMap(({ domains }) => domains)
      .sort(),
  ).toEqual(hosts.map((host) => `${host}.`).sort());
});

test('every name ends with a dot, and none is wider than its rule', () => {
  for (const { name, domains } of rules(firewall()))
    for (const domain of domains) {
      expect(domain).toMatch(/\.$/);
      if (name !== 'everything' && name !== 'wildcards') expect(domain).not.toContain('*');
    }
});

test('each wildcard is named as a way out by DNS', () => {
  expect(firewall().warnings).toEqual([
    '*.wikipedia.org (web-search): every workload of the VPC can ask for names below wikipedia.org, and the owner of that zone sees them; name hosts instead where you can.',
  ]);
  expect(firewall({ policy: policyOf([{ host: 'a.example.com' }]) }).warnings).toEqual([]);
});

test('questions are logged unless one says otherwise', () => {
  expect(
    firewall({ logRetentionDays: 30 }).named('aws_cloudwatch_log_group', '/aws/vendedlogs/mcp-egress/mcp-egress/dns'),
  ).toMatchObject({ retention_in_days: 30 });
  expect(firewall({ queryLog: false }).list('aws_route53_resolver_query_log_config')).toEqual([]);
});

test('a policy without hosts has no lists of its own', () => {
  expect(rules(firewall({ policy: policyOf([]) })).map(({ name }) => name)).toEqual(['aws', 'everything']);
});

test('fails when DNS Firewall would refuse a name: an underscore', () => {
  expect(
    failure((scope) => {
      const network = new McpNetwork(scope, 'network');
      new DnsFirewall(scope, 'dns', { network, policy: examplePolicy(), names: () => ['_dmarc.example.com'] });
    }),
  ).toContain('the label "_dmarc" is not made of 1 to 63 letters, digits and hyphens');
});

test('fails in a VPC of somebody else', () => {
  expect(
    failure((scope) => {
      const attributes = { vpcId: 'vpc-1', isolatedSubnetIds: ['subnet-1'], egressSubnetIds: ['subnet-2'] };
      const network = McpNetwork.fromNetworkAttributes(scope, 'network', attributes);
      new DnsFirewall(scope, 'dns', { network, policy: examplePolicy() });
    }),
  ).toBe(
    'DnsFirewall "stack/dns":\n- network: the VPC is not owned (ownsVpc is not true), and DNS Firewall binds all of it; ask its owner to allow the names, or set ownsVpc: true.',
  );
});
