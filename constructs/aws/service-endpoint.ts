import { Lazy, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import {
  endpointStatements,
  mergeStatements,
  policyDocument,
  type Access,
  type EndpointCallers,
  type PolicyStatement,
} from '../../lib/network';
import { AwsFacts } from './aws-facts';
import type { Connections, IConnectable } from './connections';
import { RoleSecurityGroup } from './role-security-group';
import { TAG, withName, type Tags } from './tags';

/** What may be done, in words that depend on the account and region of the endpoint's own stack. */
export type AccessFor = (facts: AwsFacts) => readonly Access[];

/** Who may do it, beside being of the account. */
export type Callers = Omit<EndpointCallers, 'account'>;

export interface ServiceEndpointProps {
  /** What it is called in construct ids, names and rules: `ecr.api`. */
  readonly service: string;
  /** The full service name: `com.amazonaws.eu-west-1.ecr.api`. */
  readonly serviceName: string;
  readonly environmentName: string;
  readonly vpcId: string;
  /** `Interface` has a group and private DNS; `Gateway` has routes and a prefix list. */
  readonly type: 'Interface' | 'Gateway';
  /** For an interface endpoint. */
  readonly subnetIds?: readonly string[];
  /** For a gateway endpoint. */
  readonly routeTableIds?: readonly string[];
  readonly privateDns?: boolean;
  readonly policySupport: boolean;
  /** @default 443 */
  readonly port?: number;
  readonly tags?: Tags;
}

/**
 * A VPC endpoint with the tightest policy that those who use it need: each adds its statements, and everything else is refused.
 * A service without policies for endpoints has none; then the group and the caller's own permissions are what there is.
 */
export class ServiceEndpoint extends Construct {
  readonly resource: VpcEndpoint;
  readonly port: number;
  readonly vpcEndpointId: string;
  /** Of a gateway endpoint: what rules refer to. */
  readonly prefixListId?: string;
  /** Of an interface endpoint: its own name, all its addresses together; where AWS puts something before it, it begins with `*.`. */
  readonly dnsName?: string;
  /** The Route 53 zone in which that name stands, for alias records. */
  readonly dnsHostedZoneId?: string;
  private readonly service: string;
  private readonly group?: RoleSecurityGroup;
  private readonly policySupport: boolean;
  private readonly statements = new Map<string, PolicyStatement>();

  constructor(scope: Construct, id: string, props: ServiceEndpointProps) {
    super(scope, id);
    this.service = props.service;
    this.port = props.port ?? 443;
    this.policySupport = props.policySupport;
    const name = `${props.environmentName}-${props.service}`;
    if (props.type === 'Interface') this.group = this.makeGroup(name, props);
    this.resource = new VpcEndpoint(this, 'Resource', {
      vpcId: props.vpcId,
      serviceName: props.serviceName,
      vpcEndpointType: props.type,
      ...(this.group
        ? {
            subnetIds: [...(props.subnetIds ?? [])],
            securityGroupIds: [this.group.securityGroupId],
            privateDnsEnabled: props.privateDns ?? true,
            ipAddressType: 'ipv4',
          }
        : { routeTableIds: [...(props.routeTableIds ?? [])] }),
      ...(this.policySupport && { policy: Lazy.stringValue({ produce: () => this.document() }) }),
      tags: withName(props.tags, name),
    });
    this.vpcEndpointId = this.resource.id;
    if (this.group) {
      // Entry 0 is the regional name (EC2 API Reference, VpcEndpoint, `dnsEntrySet`); names of single zones follow.
      const regional = this.resource.dnsEntry.get(0);
      this.dnsName = regional.dnsName;
      this.dnsHostedZoneId = regional.hostedZoneId;
    } else this.prefixListId = this.resource.prefixListId;
    this.node.addValidation({ validate: () => this.problems() });
  }

  /** What a task that uses it waits for. */
  get dependable(): ITerraformDependable {
    return this.resource;
  }

  /** Adds what may be done through the endpoint, by callers of this account. The same statement counts once. */
  allow(access: AccessFor, callers: Callers = {}): void {
    const facts = AwsFacts.of(this);
    this.allowStatements(endpointStatements(access(facts), { account: facts.account, ...callers }));
  }

  /** Adds statements as they are. */
  allowStatements(statements: readonly PolicyStatement[]): void {
    if (!this.policySupport) return;
    for (const statement of statements) this.statements.set(JSON.stringify(statement), statement);
  }

  /** Opens the way from `peer`: a rule on both groups, or one to the gateway endpoint's prefix list. */
  admit(peer: IConnectable): void {
    const { connections } = peer;
    const { service } = this;
    if (this.group) connections.allowTo(this.group, this.port, `${connections.name} to ${service}`);
    else if (this.prefixListId !== undefined) {
      const range = { prefixListId: this.prefixListId };
      connections.allowToRange(range, this.port, service, `${connections.name} to ${service} (gateway endpoint)`);
    }
  }

  /** The group's rules; undefined for a gateway endpoint. */
  get connections(): Connections | undefined {
    return this.group?.connections;
  }

  private makeGroup(name: string, props: ServiceEndpointProps): RoleSecurityGroup {
    return new RoleSecurityGroup(this, 'SecurityGroup', {
      vpcId: props.vpcId,
      role: 'endpoint',
      groupName: `${name}-endpoint`,
      peerName: props.service,
      description: `Who may use the endpoint of ${props.service}`,
      ...(this.port !== 443 && { contractTags: { [TAG.port]: String(this.port) } }),
      tags: props.tags,
    });
  }

  private document(): string {
    // Where there is none, the validation says so; it may come after this.
    return this.statements.size === 0 ? '' : policyDocument(mergeStatements([...this.statements.values()]));
  }

  private problems(): string[] {
    if (!this.policySupport || this.statements.size > 0) return [];
    return [
      `endpoint ${this.service}: nobody said what it is for, so its policy would be empty, which AWS refuses; call allow(…) or remove it.`,
    ];
  }
}
