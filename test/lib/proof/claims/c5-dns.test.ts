import { add, failing, findings, get, claimOf, proveChanged, type Stack } from '../../../proof/support/sealed';

const RULE = 'aws_route53_resolver_firewall_rule';
const LIST = 'aws_route53_resolver_firewall_domain_list';
const VPC = '${aws_vpc.main.id}';
const allow = (stack: Stack, ...domains: string[]): void => {
  get(stack, LIST, 'allowed').domains = domains;
};

describe('C5: DNS', () => {
  it.each<[string, (stack: Stack) => void, RegExp]>([
    [
      'no association',
      (stack) => delete stack.resource.aws_route53_resolver_firewall_rule_group_association,
      /no DNS Firewall rule group is associated with aws_vpc\.main/,
    ],
    ['no last rule', (stack) => delete stack.resource[RULE]?.everything, /no rule blocks everything/],
    [
      'a last rule that only warns',
      (stack) => (get(stack, RULE, 'everything').action = 'ALERT'),
      /everything allows "\*", which is every name/,
    ],
    [
      'a last rule for one type of question',
      (stack) => (get(stack, RULE, 'everything').q_type = 'A'),
      /no rule blocks everything/,
    ],
    ['an allowed *', (stack) => allow(stack, '*'), /allows "\*", which is every name/],
    ['an allowed *.', (stack) => allow(stack, '*.'), /which is every name/],
    ['a public suffix', (stack) => allow(stack, '*.com.'), /anybody can get a name below "com"/],
    ['a shared-hosting suffix', (stack) => allow(stack, '*.amazonaws.com'), /of every customer of a cloud/],
    ['a zone of a cloud', (stack) => allow(stack, '*.eu-west-1.amazonaws.com'), /amazonaws\.com/],
    ['a star without a dot', (stack) => allow(stack, '*example.com'), /fits names of strangers/],
    [
      'failing open',
      (stack) =>
        add(stack, 'aws_route53_resolver_firewall_config', 'x', { resource_id: VPC, firewall_fail_open: 'ENABLED' }),
      /when DNS Firewall fails/,
    ],
    [
      'forwarding outside',
      (stack) => {
        add(stack, 'aws_route53_resolver_rule', 'out', {
          rule_type: 'FORWARD',
          domain_name: 'corp.example',
          target_ip: [{ ip: '192.0.2.53' }],
        });
        add(stack, 'aws_route53_resolver_rule_association', 'out', {
          vpc_id: VPC,
          resolver_rule_id: '${aws_route53_resolver_rule.out.id}',
        });
      },
      /forwards questions for "corp\.example" outside, to "192\.0\.2\.53"/,
    ],
    [
      'an ALERT on what looks like tunnels',
      (stack) =>
        add(stack, RULE, 'x', {
          action: 'ALERT',
          priority: 50,
          dns_threat_protection: 'DNS_TUNNELING',
          firewall_rule_group_id: '${aws_route53_resolver_firewall_rule_group.main.id}',
        }),
      /without a list of names/,
    ],
  ])('%s breaks it', (_, change, message) => {
    const proof = proveChanged(change);
    expect(failing(proof)).toEqual(['C5 broken']);
    expect(findings(proof, 'C5').join('\n')).toMatch(message);
  });

  it.each<[string, (stack: Stack) => void]>([
    ['names by variable', (stack) => allow(stack, '${var.name}')],
    ['a wildcard by variable', (stack) => allow(stack, '*.${var.zone}')],
    [
      'another group by id',
      (stack) =>
        add(stack, 'aws_route53_resolver_firewall_rule_group_association', 'x', {
          vpc_id: VPC,
          priority: 99,
          firewall_rule_group_id: 'rslvr-frg-1',
        }),
    ],
    ['an order that is not known', (stack) => (get(stack, RULE, 'everything').priority = '${var.p}')],
    [
      'a forwarding rule by id',
      (stack) =>
        add(stack, 'aws_route53_resolver_rule_association', 'x', { vpc_id: VPC, resolver_rule_id: 'rslvr-rr-1' }),
    ],
    [
      'a Route 53 profile',
      (stack) => add(stack, 'aws_route53profiles_association', 'x', { resource_id: VPC, profile_id: 'rp-1' }),
    ],
  ])('%s leaves it unproven', (_, change) => {
    expect(failing(proveChanged(change))).toEqual(['C5 unproven']);
  });

  it.each<[string, (stack: Stack) => void]>([
    [
      'DNS that is off',
      (stack) => {
        get(stack, 'aws_vpc', 'main').enable_dns_support = false;
        delete stack.resource.aws_route53_resolver_firewall_rule_group_association;
      },
    ],
    [
      'names with the region and the account',
      (stack) => {
        stack.data.aws_region = { here: {} };
        stack.data.aws_partition = { here: {} };
        allow(
          stack,
          '${data.aws_caller_identity.here.account_id}.dkr.ecr.${data.aws_region.here.id}.${data.aws_partition.here.dns_suffix}.',
          '*.${data.aws_region.here.id}.aoss.amazonaws.com',
        );
      },
    ],
    ['a variable behind a literal beginning', (stack) => allow(stack, 'api.${var.zone}', '*.${var.env}.example.com')],
    [
      'forwarding inside',
      (stack) => {
        add(stack, 'aws_route53_resolver_rule', 'in', {
          rule_type: 'FORWARD',
          domain_name: 'corp.example',
          target_ip: [{ ip: '10.1.2.10' }],
        });
        add(stack, 'aws_route53_resolver_rule_association', 'in', {
          vpc_id: VPC,
          resolver_rule_id: '${aws_route53_resolver_rule.in.id}',
        });
      },
    ],
  ])('%s keeps it', (_, change) => {
    expect(failing(proveChanged(change))).toEqual([]);
  });

  it('lists allowed wildcards as channels, and warns where nothing resolves', () => {
    expect(proveChanged(() => undefined).residualChannels).toEqual([
      'DNS questions for names below wikipedia.org reach the owner of that zone',
    ]);
    const first = proveChanged((stack) => (get(stack, RULE, 'everything').priority = 1));
    expect(failing(first)).toEqual([]);
    expect(claimOf(first, 'C5').evidence.join('\n')).toContain('comes first, so nothing resolves');
  });
});
