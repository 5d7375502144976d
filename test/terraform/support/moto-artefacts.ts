/** A change that a second plan shows against moto, although nothing has changed. */
export interface MotoArtefact {
  readonly type: string;
  /** The attribute in which the answer differs from what was sent. */
  readonly attribute: string;
  /** Whether the provider would make the resource anew for it. */
  readonly replaces?: boolean;
  readonly reason: string;
}

/** What moto 5.2.5 does not store or answers differently. */
export const MOTO_ARTEFACTS: readonly MotoArtefact[] = [
  {
    type: 'aws_ecs_service',
    attribute: 'availability_zone_rebalancing',
    reason: 'DescribeServices lacks it',
  },
  { type: 'aws_ecs_service', attribute: 'enable_ecs_managed_tags', reason: 'DescribeServices lacks it' },
  {
    type: 'aws_ecs_service',
    attribute: 'capacity_provider_strategy',
    replaces: true,
    reason: 'DescribeServices lacks it, and a change of it makes a new service',
  },
  {
    type: 'aws_lambda_function',
    attribute: 'image_config',
    reason: 'GetFunction answers an empty image configuration where none was sent',
  },
  { type: 'aws_vpc_endpoint', attribute: 'ip_address_type', reason: 'DescribeVpcEndpoints lacks it' },
  {
    type: 'aws_vpc_security_group_egress_rule',
    attribute: 'description',
    reason: 'DescribeSecurityGroupRules lacks the description of a rule that is not for a CIDR',
  },
  {
    type: 'aws_vpc_security_group_ingress_rule',
    attribute: 'description',
    reason: 'DescribeSecurityGroupRules lacks the description of a rule that is not for a CIDR',
  },
];
