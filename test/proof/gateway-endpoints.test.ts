import { base, id, VPC } from './support/base';
import { add, failing, findings, get, PINNED, policy, prove } from './support/sealed';
import { asState } from './support/state';

const PREFIX_LIST = 'pl-6da54004';

/** A state with two gateway endpoints of S3 in one region, which AWS gives one prefix list. */
function stateWith(table: string, more: object = {}): object {
  const stack = base();
  for (const rule of Object.values(stack.resource.aws_vpc_security_group_egress_rule ?? {}))
    if (rule.prefix_list_id !== undefined) rule.prefix_list_id = PREFIX_LIST;
  const s3 = get(stack, 'aws_vpc_endpoint', 's3');
  s3.prefix_list_id = PREFIX_LIST;
  s3.route_table_ids = [id('aws_route_table.egress')];
  add(stack, 'aws_vpc_endpoint', 'other', {
    vpc_id: VPC,
    service_name: 'com.amazonaws.eu-west-1.s3',
    vpc_endpoint_type: 'Gateway',
    prefix_list_id: PREFIX_LIST,
    route_table_ids: [id(`aws_route_table.${table}`)],
    ...more,
  });
  return asState(stack);
}

describe('two gateway endpoints of one service in a state, which share a prefix list', () => {
  it('are a leak where the one without a policy serves workloads', () => {
    const proof = prove(stateWith('isolated'));
    expect(failing(proof)).toEqual(['C4 broken']);
    expect(findings(proof, 'C4')).toEqual([
      'aws_vpc_endpoint.other (s3) has no policy, so it lets any caller reach any account',
    ]);
  });

  it('are sealed where both are pinned', () => {
    expect(failing(prove(stateWith('isolated', { policy: policy(PINNED) })))).toEqual([]);
  });

  it('are sealed where the one without a policy serves no workload', () => {
    expect(failing(prove(stateWith('public')))).toEqual([]);
  });
});
