import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Testing, TerraformStack, type App } from 'cdktf';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';

/** The attributes of one resource, in Terraform's spelling, as JSON has them. */
export type Attributes = Readonly<Record<string, ReturnType<JSON['parse']>>>;

/** A stack's Terraform JSON with ways to look into it. Functions that find one thing fail where there is none, or more. */
export class Synthesized {
  constructor(
    readonly json: Readonly<Record<string, ReturnType<JSON['parse']>>>,
    /** What was said by `Annotations.of(…).addWarning`, in the order of the tree. */
    readonly warnings: readonly string[],
  ) {}

  /** All resources of a type, by logical id; empty where there are none. */
  resources(type: string): Readonly<Record<string, Attributes>> {
    return this.json.resource?.[type] ?? {};
  }

  /** The same without their ids. */
  list(type: string): readonly Attributes[] {
    return Object.values(this.resources(type));
  }

  /** The only resource of a type. */
  only(type: string): Attributes {
    return single(this.list(type), type);
  }

  /** The only resource of a type whose `name` or tag `Name` is this. */
  named(type: string, name: string): Attributes {
    return single(
      this.list(type).filter((each) => each.name === name || each.tags?.Name === name),
      `${type} "${name}"`,
    );
  }

  /** The logical id of the only resource of a type whose `name` or tag `Name` is this. */
  idOf(type: string, name: string): string {
    const resource = this.named(type, name);
    return single(
      Object.keys(this.resources(type)).filter((id) => this.resources(type)[id] === resource),
      name,
    );
  }

  /** The only data source of a type. */
  data(type: string): Attributes {
    return single(Object.values((this.json.data?.[type] ?? {}) as Record<string, Attributes>), type);
  }

  /** The statements of a policy text (`policy`, `assume_role_policy`) of a resource. */
  statements(resource: Attributes, attribute = 'policy'): readonly Attributes[] {
    return (JSON.parse(resource[attribute] as string) as { Statement: Attributes[] }).Statement;
  }

  /** The statements that the policy of the role with this name has; empty where it has no policy. */
  granted(roleName: string): readonly Attributes[] {
    const id = `\${aws_iam_role.${this.idOf('aws_iam_role', roleName)}.id}`;
    return this.list('aws_iam_role_policy')
      .filter(({ role }) => role === id)
      .flatMap((policy) => this.statements(policy));
  }

  /** The containers of the task definition of this family, as ECS gets them: without Terraform's escapes. */
  containers(family: string): readonly Attributes[] {
    const text = this.taskText(family)
      .replace(/\$\$\{/g, '${')
      .replace(/%%\{/g, '%{');
    return JSON.parse(text) as Attributes[];
  }

  /** The same as the text that Terraform reads. */
  taskText(family: string): string {
    const tasks = this.list('aws_ecs_task_definition').filter((each) => each.family === family);
    return single(tasks, family).container_definitions as string;
  }

  /** The rules of the group with this name: who or where, on which port, why; sorted. */
  rules(groupName: string, direction: 'ingress' | 'egress'): readonly string[] {
    const id = `\${aws_security_group.${this.idOf('aws_security_group', groupName)}.id}`;
    return this.rulesOfId(id, direction);
  }

  /** The same for a group that is known by its id. Groups of the stack stand by their names. */
  rulesOfId(securityGroupId: string, direction: 'ingress' | 'egress'): readonly string[] {
    return this.list(`aws_vpc_security_group_${direction}_rule`)
      .filter((rule) => rule.security_group_id === securityGroupId)
      .map((rule) => {
        const port = rule.from_port === rule.to_port ? rule.from_port : `${rule.from_port}-${rule.to_port}`;
        return `${rule.ip_protocol} ${port} ${this.target(rule)}: ${rule.description}`;
      })
      .sort();
  }

  /** `type.id` of every resource and data source, sorted. */
  get addresses(): readonly string[] {
    const of = (kind: 'resource' | 'data', prefix: string): string[] =>
      Object.entries((this.json[kind] ?? {}) as Record<string, object>).flatMap(([type, all]) =>
        Object.keys(all).map((id) => `${prefix}${type}.${id}`),
      );
    return [...of('resource', ''), ...of('data', 'data.')].sort();
  }

  private target(rule: Attributes): string {
    const text = (rule.cidr_ipv4 ??
      rule.cidr_ipv6 ??
      rule.prefix_list_id ??
      rule.referenced_security_group_id) as string;
    const [, id] = /^\$\{aws_security_group\.(\w[\w-]*)\.id\}$/.exec(text) ?? [];
    return (id && (this.resources('aws_security_group')[id]?.name as string | undefined)) ?? text;
  }
}

/** Builds a stack `stack` with an AWS provider, runs all validations, and reads what Terraform gets. */
export function synthesized(build: (stack: TerraformStack) => void): Synthesized {
  const app = Testing.app();
  try {
    const stack = new TerraformStack(app, 'stack');
    new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
    build(stack);
    return new Synthesized(JSON.parse(Testing.synth(stack, true)), warningsOf(stack));
  } finally {
    rmSync(app.outdir, { recursive: true });
  }
}

/** Builds several stacks, each of which gets an AWS provider, and synthesizes the app as `cdktf synth` does. By stack name. */
export function synthesizedApp<Name extends string>(
  names: readonly Name[],
  build: (stacks: Record<Name, TerraformStack>, app: App) => void,
): Record<Name, Synthesized> {
  const app = Testing.app();
  try {
    const stacks = Object.fromEntries(names.map((name) => [name, new TerraformStack(app, name)])) as Record<
      Name,
      TerraformStack
    >;
    for (const name of names) new AwsProvider(stacks[name], 'aws', { region: 'eu-central-1' });
    build(stacks, app);
    app.synth();
    return Object.fromEntries(names.map((name) => [name, readStack(app, stacks[name])])) as Record<Name, Synthesized>;
  } finally {
    rmSync(app.outdir, { recursive: true });
  }
}

function readStack(app: App, stack: TerraformStack): Synthesized {
  const text = readFileSync(join(app.outdir, 'stacks', stack.node.id, 'cdk.tf.json'), 'utf8');
  return new Synthesized(JSON.parse(text), warningsOf(stack));
}

/** The message with which a stack fails to build or to synthesize. */
export function failure(build: (stack: TerraformStack) => void): string {
  try {
    synthesized(build);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing failed');
}

function warningsOf(stack: TerraformStack): string[] {
  return stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === '@cdktf/warn')
    .map(({ data }) => data as string);
}

function single<T>(all: readonly T[], what: string): T {
  const [first] = all;
  if (first === undefined || all.length > 1) throw new Error(`${all.length} of ${what}, not one`);
  return first;
}
