import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import {
  awsService,
  layerBucketStatement,
  serviceName,
  type AwsServiceId,
  type PolicyStatement,
} from '../../lib/network';
import { AwsFacts } from './aws-facts';
import { Connections, type IConnectable } from './connections';
import { OpenSearchServerlessEndpoint } from './open-search-serverless-endpoint';
import { ServiceEndpoint, type AccessFor, type Callers } from './service-endpoint';
import type { Tags } from './tags';

/** An endpoint that is in the VPC already. */
export interface ExistingEndpoint {
  /** The group of an interface endpoint; tag it `mcp-egress:role` = `endpoint`. Rules for callers are added to it. */
  readonly securityGroupId?: string;
  /** The prefix list of a gateway endpoint. */
  readonly prefixListId?: string;
  readonly vpcEndpointId?: string;
  /** The own name of an interface endpoint without private DNS, without a `*.` before it. Needed for `s3-interface`. */
  readonly dnsName?: string;
}

export interface VpcEndpointsProps {
  readonly environmentName: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly routeTableIds: readonly string[];
  /** Endpoints that are there, by service id: `logs`. */
  readonly existing?: Readonly<Record<string, ExistingEndpoint>>;
  /** Whether missing ones may be made; their private DNS changes names for the whole VPC. */
  readonly create: boolean;
  readonly tags?: Tags;
}

/** A way to an AWS service. */
export interface IEndpoint {
  readonly vpcEndpointId?: string;
  /** The own name of an interface endpoint, as far as it is known. */
  readonly dnsName?: string;
  readonly dependable?: ITerraformDependable;
  /** The policy of an endpoint that is made here; one that was there belongs to its owner. */
  allow(access: AccessFor, callers?: Callers): void;
  allowStatements(statements: readonly PolicyStatement[]): void;
  admit(peer: IConnectable): void;
}

/** The policy of an endpoint that was there belongs to its owner. */
const NOTHING = { allow: () => undefined, allowStatements: () => undefined };

/**
 * Private DNS of the S3 interface endpoint would take all of S3 in the VPC away from the gateway endpoint: image layers, which come through
 * that alone, and the gateway's configuration, whose bucket admits no other. So it is called by its own name.
 */
const WITHOUT_PRIVATE_DNS: readonly AwsServiceId[] = ['s3-interface'];

/** The endpoints of one VPC: one a service, made when it is first asked for. */
export class VpcEndpoints extends Construct {
  private readonly endpoints = new Map<AwsServiceId, IEndpoint>();
  private readonly missing = new Set<AwsServiceId>();
  private readonly extraNames = new Set<string>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: VpcEndpointsProps,
  ) {
    super(scope, id);
    this.node.addValidation({ validate: () => this.problems() });
  }

  /** The endpoint of a service. */
  endpoint(service: AwsServiceId): IEndpoint {
    const known = this.endpoints.get(service);
    if (known) return known;
    const existing = this.props.existing?.[service];
    const endpoint = existing ? this.adopt(service, existing) : this.create(service);
    this.endpoints.set(service, endpoint);
    return endpoint;
  }

  /** Opens the way from `peer` to a service and lets callers of the account do there what `access` says. */
  grant(service: AwsServiceId, peer: IConnectable, access: AccessFor, callers?: Callers): IEndpoint {
    const endpoint = this.endpoint(service);
    endpoint.admit(peer);
    endpoint.allow(access, callers);
    return endpoint;
  }

  /** Opens the way from `peer` to the bucket in which ECR keeps image layers. */
  grantImageLayers(peer: IConnectable): void {
    const endpoint = this.endpoint('s3');
    endpoint.admit(peer);
    endpoint.allowStatements([layerBucketStatement(AwsFacts.of(this))]);
  }

  /** Services in use, in the order in which they were asked for. */
  get services(): readonly AwsServiceId[] {
    return [...this.endpoints.keys()];
  }

  /** Names beside those of the catalogue: of buckets, of other accounts' registries, of endpoints that are not in it. */
  addDnsNames(names: readonly string[]): void {
    for (const name of names) this.extraNames.add(name);
  }

  /** The names by which the services in use are called, which a resolver has to answer. */
  get dnsNames(): readonly string[] {
    const facts = AwsFacts.of(this);
    return [...this.services.flatMap((id) => awsService(id).dnsNames(facts)), ...this.extraNames];
  }

  /** What tasks wait for, so that the first of them can pull its image. */
  get dependables(): readonly ITerraformDependable[] {
    return [...this.endpoints.values()].flatMap(({ dependable }) => dependable ?? []);
  }

  private create(id: AwsServiceId): IEndpoint {
    if (!this.props.create) {
      this.missing.add(id);
      return { ...NOTHING, admit: () => undefined };
    }
    const service = awsService(id);
    const { environmentName, vpcId, subnetIds, routeTableIds, tags } = this.props;
    if (service.endpoint === 'OpenSearchServerless') return new OpenSearchServerlessEndpoint(this, id, this.props);
    return new ServiceEndpoint(this, id, {
      service: id,
      serviceName: serviceName(service.suffix, AwsFacts.of(this).region),
      environmentName,
      vpcId,
      type: service.endpoint === 'Gateway' ? 'Gateway' : 'Interface',
      subnetIds,
      routeTableIds,
      privateDns: service.privateDns && !WITHOUT_PRIVATE_DNS.includes(id),
      policySupport: service.policySupport,
      tags,
    });
  }

  private adopt(id: AwsServiceId, existing: ExistingEndpoint): IEndpoint {
    const { securityGroupId, prefixListId, vpcEndpointId, dnsName } = existing;
    const scope = new Construct(this, id);
    const group = securityGroupId === undefined ? undefined : new Connections({ scope, securityGroupId, name: id });
    return {
      vpcEndpointId,
      dnsName,
      ...NOTHING,
      admit: ({ connections }) => {
        if (group) connections.allowTo(group, 443, `${connections.name} to ${id}`);
        if (prefixListId !== undefined)
          connections.allowToRange({ prefixListId }, 443, id, `${connections.name} to ${id} (gateway endpoint)`);
      },
    };
  }

  private problems(): string[] {
    if (this.missing.size === 0) return [];
    const lines = [...this.missing].map((id) => `${id}: ${kindOf(id)}`);
    return [
      `The VPC's owner must provide these endpoints, since ownsVpc is not true; name them in existingEndpoints: ${lines.join('; ')}.`,
    ];
  }
}

/** What an owner has to provide for a service. */
function kindOf(id: AwsServiceId): string {
  const { endpoint } = awsService(id);
  if (endpoint === 'Gateway') return 'a gateway endpoint (prefixListId)';
  if (endpoint === 'OpenSearchServerless')
    return 'an endpoint of OpenSearch Serverless (securityGroupId, vpcEndpointId)';
  if (WITHOUT_PRIVATE_DNS.includes(id)) return 'an interface endpoint without private DNS (securityGroupId, dnsName)';
  return 'an interface endpoint with private DNS (securityGroupId)';
}
