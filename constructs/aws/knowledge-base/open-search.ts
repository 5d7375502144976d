import { Annotations } from 'cdktf';
import type { Construct } from 'constructs';
import { searchDomains, useCollections } from '../../../lib/network';
import { Connections, type IConnectable } from '../connections';
import type { IMcpNetwork } from '../network';
import { TAG } from '../tags';
import { arnOf, checkKnowledge } from './check-arns';
import { endpointSource, type KnowledgeParts } from './source';

export interface OpenSearchServerlessKnowledgeProps {
  readonly network: IMcpNetwork;
  /** Collections: `arn:aws:aoss:R:ACCOUNT:collection/ID`. */
  readonly collectionArns: readonly string[];
}

/** OpenSearch Serverless collections. */
export function openSearchServerlessKnowledge(
  scope: Construct,
  props: OpenSearchServerlessKnowledgeProps,
): KnowledgeParts {
  const arns = props.collectionArns;
  const form = 'arn:aws:aoss:R:ACCOUNT:collection/ID';
  checkKnowledge(scope, undefined, [
    { prop: 'collectionArns', arns, form, pattern: arnOf('aoss', 'collection/[a-z0-9*]+') },
  ]);
  const { endpoint, ...source } = endpointSource(props, 'aoss', () => useCollections(arns));
  return {
    sources: [source],
    vpcEndpointId: endpoint.vpcEndpointId,
    ownerTask: ({ connections }) =>
      `${connections.name}: the owner of the collection has to name the endpoint (vpcEndpointId) in its network policy (SourceVPCEs), and the role of ${connections.name} in its data access policy (Principal); until then it answers 403.`,
  };
}

export interface OpenSearchDomainKnowledgeProps {
  readonly network: IMcpNetwork;
  /** A domain in this VPC: `arn:aws:es:R:ACCOUNT:domain/NAME`. */
  readonly domainArn: string;
  /** Its host, without `https://`: `vpc-docs-….R.es.amazonaws.com` (attribute `endpoint`), or its custom endpoint. */
  readonly host: string;
  /** The domain's security group: `Connections.of(group, 'docs')`, or its id. It gets the rules and, where it is of this app, the tags. */
  readonly securityGroup: IConnectable | string;
}

const HOST = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$/;

/** An OpenSearch domain, which stands in the VPC itself. */
export function openSearchDomainKnowledge(scope: Construct, props: OpenSearchDomainKnowledgeProps): KnowledgeParts {
  const { domainArn, host, securityGroup } = props;
  const form = 'arn:aws:es:R:ACCOUNT:domain/NAME';
  checkKnowledge(
    scope,
    undefined,
    [{ prop: 'domainArn', arns: [domainArn], form, pattern: arnOf('es', 'domain/[a-z][a-z0-9-]+') }],
    [],
    (problems) => {
      problems.match('host', host, HOST, 'a host in lower case, without https:// and without a path');
      if (typeof securityGroup === 'string')
        problems.match('securityGroup', securityGroup, /^sg-[0-9a-z]+$/, 'the id of a security group (sg-…)');
    },
  );
  const domain = groupOf(scope, securityGroup);
  if (!domain.setContractTags({ [TAG.role]: 'endpoint' })) {
    Annotations.of(scope).addWarning(
      `securityGroup: it is known by id alone, so it is not tagged here; whoever made it has to set ${JSON.stringify({ [TAG.role]: 'endpoint' })}, or the proof does not know it.`,
    );
  }
  return {
    sources: [
      {
        open: ({ connections }) => connections.allowTo(domain, 443, `${connections.name} to ${domain.name}`),
        access: () => searchDomains([domainArn]),
        names: () => [host],
      },
    ],
    url: `https://${host}`,
    ownerTask: ({ connections }) =>
      `${connections.name}: the domain's access policy has to let its role in, unless it lets in the account's roles.`,
  };
}

function groupOf(scope: Construct, group: IConnectable | string): Connections {
  if (typeof group !== 'string') return group.connections;
  return new Connections({ scope, securityGroupId: group, name: scope.node.id });
}
