import { checkRuleCount, GROUPS_PER_AWSVPC, RULES_PER_DIRECTION, SUBNETS_PER_AWSVPC } from '../../../lib/network';

test('as many rules as AWS allows are no problem', () => {
  expect([RULES_PER_DIRECTION, GROUPS_PER_AWSVPC, SUBNETS_PER_AWSVPC]).toEqual([60, 5, 16]);
  expect(checkRuleCount('gateway (ingress)', 60)).toBeUndefined();
});

test('one more is, and the problem says what to do', () => {
  expect(checkRuleCount('gateway (ingress)', 61)).toBe(
    'security group "gateway (ingress)" has 61 rules, and AWS allows 60 a direction; divide the workloads among several VPCs (an EgressPerimeter for each part), or raise the account\'s quota "Inbound or outbound rules per security group"',
  );
});
