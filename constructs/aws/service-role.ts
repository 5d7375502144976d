import { Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { identityStatements, policyDocument, type Access, type PolicyStatement } from '../../lib/network';
import { AwsFacts } from './aws-facts';
import { Problems } from './problems';
import { withName, type Tags } from './tags';

export interface ServiceRoleProps {
  /** Its name in IAM, at most 64 characters. */
  readonly roleName: string;
  /** The AWS service that takes it: `ecs-tasks.amazonaws.com`. */
  readonly service: string;
  /** For which resources of the service: without it another account's could make the service act for us (confused deputy). */
  readonly sourceArn?: string;
  readonly permissionsBoundary?: string;
  readonly tags?: Tags;
}

/** All inline policies of a role together (IAM quotas). */
const LIMIT = { maxLength: 10_240 };

/** A role that one AWS service takes in this account, allowed nothing until something is granted. */
export class ServiceRole extends Construct {
  readonly resource: IamRole;
  readonly roleName: string;
  readonly roleArn: string;
  private readonly statements = new Map<string, PolicyStatement>();
  private policy?: IamRolePolicy;

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const { roleName, service, sourceArn, permissionsBoundary } = props;
    const problems = new Problems(this);
    problems.match(
      'roleName',
      roleName,
      /^[\w+=,.@-]{1,64}$/,
      'a name that IAM takes: 1 to 64 of letters, digits and +=,.@_-',
    );
    problems.throwIfAny();
    this.roleName = roleName;
    this.resource = new IamRole(this, 'Resource', {
      name: roleName,
      assumeRolePolicy: trustPolicy(this, service, sourceArn),
      ...(permissionsBoundary !== undefined && { permissionsBoundary }),
      tags: withName(props.tags, roleName),
    });
    this.roleArn = this.resource.arn;
  }

  /** Adds to what the role may do. The same statement counts once. */
  grant(access: readonly Access[]): void {
    for (const statement of identityStatements(access)) this.statements.set(JSON.stringify(statement), statement);
    if (this.statements.size === 0) return;
    this.policy ??= new IamRolePolicy(this, 'Policy', {
      name: 'granted',
      role: this.resource.id,
      policy: Lazy.stringValue({ produce: () => policyDocument([...this.statements.values()], LIMIT) }),
    });
  }

  /** What has to be there before the role can do what it was granted. */
  get dependables(): readonly (IamRole | IamRolePolicy)[] {
    return this.policy ? [this.policy] : [this.resource];
  }
}

/** Who may take the role. Unlike other policies it names no resource. */
function trustPolicy(scope: Construct, service: string, sourceArn: string | undefined): string {
  const source = sourceArn !== undefined && {
    Condition: {
      StringEquals: { 'aws:SourceAccount': AwsFacts.of(scope).account },
      ArnLike: { 'aws:SourceArn': sourceArn },
    },
  };
  const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', ...source };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}
