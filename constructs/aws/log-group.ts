import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { type AwsFacts } from './aws-facts';
import { Problems } from './problems';
import { withName, type Tags } from './tags';

/** What CloudWatch Logs takes as days (`PutRetentionPolicy`). */
const DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

export interface LogGroupProps {
  readonly logGroupName: string;
  /** @default 365 */
  readonly logRetentionDays?: number;
  /** @default - a key that AWS owns */
  readonly kmsKeyArn?: string;
  readonly tags?: Tags;
}

/** A CloudWatch log group whose name is known at synth. */
export class LogGroup extends Construct {
  readonly resource: CloudwatchLogGroup;
  readonly logGroupName: string;
  /** Without the `:*` that stands for its streams. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: LogGroupProps) {
    super(scope, id);
    const { logGroupName, logRetentionDays: retentionInDays = 365, kmsKeyArn } = props;
    const problems = new Problems(this);
    problems.check(
      Token.isUnresolved(retentionInDays) || DAYS.includes(retentionInDays),
      `logRetentionDays: ${retentionInDays} is not one of ${DAYS.join(', ')}, which CloudWatch Logs takes.`,
    );
    problems.throwIfAny();
    this.logGroupName = logGroupName;
    this.resource = new CloudwatchLogGroup(this, 'Resource', {
      name: logGroupName,
      retentionInDays,
      ...(kmsKeyArn !== undefined && { kmsKeyId: kmsKeyArn }),
      tags: withName(props.tags, logGroupName),
    });
    this.arn = this.resource.arn;
  }

  /** The same ARN from the account of another stack: what an endpoint's policy can say without depending on this one. */
  static arnOf(facts: AwsFacts, logGroupName: string): string {
    return facts.arn('logs', `log-group:${logGroupName}`);
  }
}
