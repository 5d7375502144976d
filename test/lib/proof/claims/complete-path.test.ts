import {
  add,
  egress,
  failing,
  findings,
  get,
  proveChanged,
  type Block,
  type Stack,
} from '../../../proof/support/sealed';

const OUT = 'aws_vpc_security_group_egress_rule';
const untagged = (stack: Stack): void => add(stack, 'aws_security_group', 'other', { vpc_id: '${aws_vpc.main.id}' });
const nat = (stack: Stack): void =>
  add(stack, 'aws_route', 'out', {
    route_table_id: '${aws_route_table.isolated.id}',
    destination_cidr_block: '0.0.0.0/0',
    nat_gateway_id: '${aws_nat_gateway.main.id}',
  });
const open = (stack: Stack, rest: Block = { cidr_ipv4: '0.0.0.0/0' }): void =>
  add(stack, OUT, 'out', {
    security_group_id: '${aws_security_group.search.id}',
    ip_protocol: 'tcp',
    from_port: 443,
    to_port: 443,
    ...rest,
  });
const ACCEPT = {
  accept: [
    { claim: 'C1', reason: 'NAT for others' },
    { claim: 'C2', reason: 'soon' },
  ],
} as const;

describe('complete paths', () => {
  it('a route alone can be accepted, with a rule it cannot', () => {
    const route = proveChanged(nat, ACCEPT);
    expect([route.verdict, route.accepted, route.completePath]).toEqual(['sealed', [ACCEPT.accept[0]], undefined]);
    expect(route.refused).toEqual([{ acceptance: ACCEPT.accept[1], why: 'C2 holds, so there is nothing to accept' }]);
    const both = proveChanged((stack) => (nat(stack), open(stack)), ACCEPT);
    expect(failing(both)).toEqual(['C1 broken', 'C2 broken']);
    expect(both.completePath?.at(-1)).toEqual({
      address: 'aws_route.out',
      words: 'sends "0.0.0.0/0" to aws_nat_gateway.main.id',
    });
    expect([both.verdict, both.accepted, both.refused.length]).toEqual(['leak', [], 2]);
  });

  it('a rule and a route to different addresses are no path', () => {
    const proof = proveChanged((stack) => {
      nat(stack);
      get(stack, 'aws_route', 'out').destination_cidr_block = '192.168.0.0/16';
      open(stack, { cidr_ipv4: '203.0.113.0/24' });
    }, ACCEPT);
    expect([proof.verdict, proof.completePath]).toEqual(['sealed', undefined]);
  });

  it("S3's addresses are a path where the gateway endpoint is not on the table", () => {
    const proof = proveChanged((stack) => {
      nat(stack);
      get(stack, 'aws_vpc_endpoint', 's3').route_table_ids = ['${aws_route_table.egress.id}'];
    }, ACCEPT);
    expect(proof.completePath?.map(({ address }) => address)).toContain('aws_vpc_security_group_egress_rule.search_s3');
    expect(proof.verdict).toBe('leak');
  });

  it('an acceptance needs a reason, and does not help what is unproven', () => {
    expect(proveChanged(nat, { accept: [{ claim: 'C1', reason: ' ' }] }).verdict).toBe('leak');
    const unproven = proveChanged((stack) => open(stack, { referenced_security_group_id: 'sg-1' }), ACCEPT);
    expect(unproven.verdict).toBe('unproven');
    expect(unproven.refused.map(({ why }) => why)).toContain('C2 is unproven, and only what is known can be accepted');
  });

  it('names a pivot, and the complete path through it', () => {
    const proof = proveChanged(
      (stack) => {
        untagged(stack);
        add(stack, OUT, 'x', egress('search', 'other', 22));
        Object.assign(get(stack, 'aws_security_group', 'other'), {
          ingress: {
            protocol: 'tcp',
            from_port: 22,
            to_port: 22,
            security_groups: ['${aws_security_group.search.id}'],
          },
          egress: { protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] },
        });
        add(stack, 'aws_instance', 'bastion', {
          subnet_id: '${aws_subnet.public.id}',
          vpc_security_group_ids: ['${aws_security_group.other.id}'],
        });
      },
      { accept: [{ claim: 'C2', reason: 'the bastion' }] },
    );
    expect(findings(proof, 'C2').join('\n')).toContain(
      'aws_instance.bastion can itself reach other networks (a pivot)',
    );
    expect(proof.completePath?.map(({ address }) => address)).toEqual([
      'aws_ecs_service.search',
      'aws_vpc_security_group_egress_rule.x',
      'aws_instance.bastion',
      'aws_subnet.public',
      'aws_security_group.other',
      'aws_route.public',
    ]);
    expect(proof.refused).toEqual([
      { acceptance: { claim: 'C2', reason: 'the bastion' }, why: 'a complete path exists today' },
    ]);
    expect(proof.verdict).toBe('leak');
  });
});
