/**
 * Rules a direction of one security group, unless the quota was raised (VPC User Guide, "Amazon VPC quotas": inbound or
 * outbound rules per security group; IPv4 and IPv6 count apart). A rule that names another group, or an AWS-managed
 * prefix list of S3 or DynamoDB, counts once.
 */
export const RULES_PER_DIRECTION = 60;

/** Security groups of one network interface (same page), 16 at most; times the rules a group never above 1,000. */
export const GROUPS_PER_INTERFACE = 5;

/** Security groups in one `awsvpcConfiguration` (ECS API Reference, AwsVpcConfiguration). */
export const GROUPS_PER_AWSVPC = 5;

/** Subnets in one `awsvpcConfiguration` (same place). */
export const SUBNETS_PER_AWSVPC = 16;

/**
 * What is wrong with the number of rules in one direction of a security group.
 * @param group what the group is called, with the direction: `gateway (ingress)`
 * @param count its rules in that direction
 * @returns one sentence that says what to do; undefined where the rules fit
 */
export function checkRuleCount(group: string, count: number): string | undefined {
  if (count <= RULES_PER_DIRECTION) return undefined;
  return `security group ${JSON.stringify(group)} has ${count} rules, and AWS allows ${RULES_PER_DIRECTION} a direction; divide the workloads among several VPCs (an EgressPerimeter for each part), or raise the account's quota "Inbound or outbound rules per security group"`;
}
