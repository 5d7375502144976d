import { Construct } from 'constructs';
import { ServiceDiscoveryPrivateDnsNamespace } from '@cdktf/provider-aws/lib/service-discovery-private-dns-namespace';
import { ServiceDiscoveryService } from '@cdktf/provider-aws/lib/service-discovery-service';
import { Problems } from './problems';
import { withName, type Tags } from './tags';

export interface PrivateNamespaceProps {
  readonly vpcId: string;
  /** The private zone: `mcp.internal`. */
  readonly domainName: string;
  readonly tags?: Tags;
}

/** Seconds that a resolver may keep an answer: how long a stopped task can still be asked for. */
const TTL_SECONDS = 10;

/** A private DNS zone in which ECS keeps the addresses of tasks (AWS Cloud Map). */
export class PrivateNamespace extends Construct {
  readonly resource: ServiceDiscoveryPrivateDnsNamespace;
  readonly domainName: string;
  private readonly names: string[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PrivateNamespaceProps,
  ) {
    super(scope, id);
    const problems = new Problems(this);
    problems.match(
      'domainName',
      props.domainName,
      /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$/,
      'a lower-case domain name with two labels or more, such as mcp.internal',
    );
    problems.throwIfAny();
    this.domainName = props.domainName;
    this.resource = new ServiceDiscoveryPrivateDnsNamespace(this, 'Resource', {
      name: props.domainName,
      vpc: props.vpcId,
      description: 'Addresses of the gateway and of MCP servers',
      tags: withName(props.tags, props.domainName),
    });
  }

  /** A name below the zone for the tasks of one service. */
  addService(scope: Construct, id: string, name: string): ServiceDiscoveryService {
    const service = new ServiceDiscoveryService(scope, id, {
      name,
      dnsConfig: {
        namespaceId: this.resource.id,
        routingPolicy: 'MULTIVALUE',
        dnsRecords: [{ type: 'A', ttl: TTL_SECONDS }],
      },
      // ECS reports the health of containers. AWS always counts one failure; the number is part of the API all the same.
      healthCheckCustomConfig: { failureThreshold: 1 },
      forceDestroy: true,
      tags: withName(this.props.tags, this.nameOf(name)),
    });
    this.names.push(this.nameOf(name));
    return service;
  }

  /** `search` -> `search.mcp.internal` */
  nameOf(name: string): string {
    return `${name}.${this.domainName}`;
  }

  /** The full names of all services, which a resolver has to answer. */
  get dnsNames(): readonly string[] {
    return [...this.names];
  }
}
