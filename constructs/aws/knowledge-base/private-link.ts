import type { Construct } from 'constructs';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import type { IMcpNetwork } from '../network';
import { Problems } from '../problems';
import { ServiceEndpoint } from '../service-endpoint';
import { withName, type Tags } from '../tags';
import type { KnowledgeParts } from './source';

export interface PrivateLinkKnowledgeProps {
  readonly network: IMcpNetwork;
  /** Of the endpoint service: `com.amazonaws.vpce.R.vpce-svc-…`. It has to accept the connection. */
  readonly serviceName: string;
  /** On which it listens. @default 443 */
  readonly port?: number;
  /**
   * The name by which clients call it, which its certificate has to carry. Without `privateDns` a private zone of just this name is made,
   * which leads to the endpoint in the whole VPC.
   * @default - the endpoint's own name, as in `url`
   */
  readonly privateDnsName?: string;
  /** The provider of the service has verified `privateDnsName`, so that the endpoint answers under it by itself. @default false */
  readonly privateDns?: boolean;
  /** Where the service is offered; not every one is in every zone. @default - the network's isolated subnets */
  readonly subnetIds?: readonly string[];
  /** The part that tells its name in AWS from those of other endpoints: lower case. @default - the construct's id */
  readonly endpointName?: string;
  readonly tags?: Tags;
}

const NAME = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$/;

/** A service behind AWS PrivateLink. Such services take no endpoint policy: its group and the service itself say who may do what. */
export function privateLinkKnowledge(scope: Construct, props: PrivateLinkKnowledgeProps): KnowledgeParts {
  check(scope, props);
  const { network, serviceName, port = 443, privateDnsName, privateDns = false, tags } = props;
  const endpoint = new ServiceEndpoint(scope, 'Endpoint', {
    service: props.endpointName ?? scope.node.id,
    serviceName,
    environmentName: network.environmentName,
    vpcId: network.vpcId,
    type: 'Interface',
    subnetIds: props.subnetIds ?? network.isolatedSubnetIds,
    privateDns,
    policySupport: false,
    port,
    tags,
  });
  if (privateDnsName !== undefined && !privateDns) makeZone(scope, network.vpcId, privateDnsName, endpoint, tags);
  const name = privateDnsName ?? endpoint.dnsName ?? '';
  return {
    sources: [{ open: (grantee) => endpoint.admit(grantee), names: () => [name] }],
    url: port === 443 ? `https://${name}` : `https://${name}:${port}`,
    vpcEndpointId: endpoint.vpcEndpointId,
  };
}

/** A zone of one name takes nothing else away from public DNS; at its top only an alias can stand (Route 53 Developer Guide, "Choosing alias or non-alias"). */
function makeZone(scope: Construct, vpcId: string, name: string, endpoint: ServiceEndpoint, tags?: Tags): void {
  const zone = new Route53Zone(scope, 'Zone', {
    name,
    comment: 'The private name of a VPC endpoint',
    vpc: [{ vpcId }],
    tags: withName(tags, name),
  });
  new Route53Record(scope, 'Record', {
    zoneId: zone.zoneId,
    name,
    type: 'A',
    alias: { name: endpoint.dnsName ?? '', zoneId: endpoint.dnsHostedZoneId ?? '', evaluateTargetHealth: false },
  });
}

function check(scope: Construct, props: PrivateLinkKnowledgeProps): void {
  const { network, privateDnsName, privateDns, subnetIds } = props;
  const problems = new Problems(scope);
  problems.match(
    'serviceName',
    props.serviceName,
    /^(com|cn)(\.[a-z0-9-]+){3,}$|^aws(\.[a-z0-9-]+){2,}$/,
    'the name of an endpoint service (com.amazonaws.vpce.R.vpce-svc-…)',
  );
  problems.range('port', props.port, 1, 65_535);
  problems.known('port', props.port);
  problems.match('privateDnsName', privateDnsName, NAME, 'a name of two labels or more in lower case');
  problems.match(
    'endpointName',
    props.endpointName ?? scope.node.id,
    /^[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}$/,
    '1 to 63 letters, digits, "-" and "."',
  );
  problems.check(
    privateDns !== true || privateDnsName !== undefined,
    'privateDns: the endpoint answers under a name of its provider; say in privateDnsName which one, so that clients and DNS Firewall know it.',
  );
  problems.check(
    privateDnsName === undefined || network.ownsVpc,
    `privateDnsName: ${JSON.stringify(privateDnsName)} would change what the whole VPC resolves, and the VPC is not owned (ownsVpc is not true); leave it out and call the endpoint by its own name (url), or set ownsVpc: true.`,
  );
  problems.check(
    subnetIds === undefined || subnetIds.length > 0,
    'subnetIds: none given; name one at least, or leave it out for the isolated subnets.',
  );
  problems.throwIfAny();
}
