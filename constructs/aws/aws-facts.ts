import { TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region';

const ID = 'mcp-egress-aws';

/** Account, region and partition of the stack's provider, read once a stack. All values are tokens. */
export class AwsFacts extends Construct {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** `amazonaws.com`, or what the partition has in its place. */
  readonly dnsSuffix: string;

  private constructor(scope: Construct) {
    super(scope, ID);
    const partition = new DataAwsPartition(this, 'partition');
    this.account = new DataAwsCallerIdentity(this, 'caller').accountId;
    // `id` and not `name` or `region`: the one attribute that versions 5 and 6 of the provider both have without a warning.
    this.region = new DataAwsRegion(this, 'region').id;
    this.partition = partition.partition;
    this.dnsSuffix = partition.dnsSuffix;
  }

  /** The facts of the stack in which `scope` stands. */
  static of(scope: IConstruct): AwsFacts {
    const stack = TerraformStack.of(scope);
    return (stack.node.tryFindChild(ID) as AwsFacts | undefined) ?? new AwsFacts(stack);
  }

  /** `arn:<partition>:<service>:<region>:<account>:<resource>` of this account; S3 and IAM leave parts empty. */
  arn(service: string, resource: string): string {
    if (service === 's3') return `arn:${this.partition}:s3:::${resource}`;
    const region = service === 'iam' ? '' : this.region;
    return `arn:${this.partition}:${service}:${region}:${this.account}:${resource}`;
  }
}
