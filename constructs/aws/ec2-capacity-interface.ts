import type { ITerraformDependable } from 'cdktf';

/** EC2 instances of one cluster, for services that do not run on Fargate. */
export interface IEc2Capacity {
  readonly capacityProviderName: string;
  /** What services on it wait for. */
  readonly dependables: readonly ITerraformDependable[];
}
