import { awsService, type AwsServiceId } from '../../../lib/network';
import type { AwsFacts } from '../aws-facts';
import type { IGrantee } from '../grantee';
import type { IMcpNetwork } from '../network';
import type { AccessFor } from '../service-endpoint';
import type { IEndpoint } from '../vpc-endpoints';

/** DNS names, in words that depend on the account and region of whoever asks for them; `*.` in front stands for all below. */
export type NamesFor = (facts: AwsFacts) => readonly string[];

/** One service behind a knowledge base. */
export interface KnowledgeSource {
  /** Opens the network path. */
  readonly open: (grantee: IGrantee) => void;
  /** What a role needs. @default - nothing in IAM */
  readonly access?: AccessFor;
  /** The names by which it is reached directly. @default - none: it is reached through the gateway */
  readonly names?: NamesFor;
}

/** What a factory makes. */
export interface KnowledgeParts {
  readonly sources: readonly KnowledgeSource[];
  /** Where it is reached, if that is one place. */
  readonly url?: string;
  readonly vpcEndpointId?: string;
  /** What somebody else has to do for a grantee, to be shown at synth. */
  readonly ownerTask?: (grantee: IGrantee) => string;
}

/** Props of every knowledge base that has an endpoint of its own. */
export interface KnowledgeProps {
  readonly network: IMcpNetwork;
  /**
   * `o-…`: the endpoint admits callers of any account of the organisation, and resources may be of any.
   * @default - callers of this account alone
   */
  readonly organizationId?: string;
}

export interface EndpointSourceOptions {
  /** Names beside those of the catalogue. */
  readonly names?: NamesFor;
  /** What roles need and the endpoint does not see: decryption by the service itself. */
  readonly roleAccess?: AccessFor;
}

/** A service of the catalogue: its endpoint, whose policy and the roles get the same statements. */
export function endpointSource(
  { network, organizationId }: KnowledgeProps,
  service: AwsServiceId,
  access: AccessFor,
  options: EndpointSourceOptions = {},
): KnowledgeSource & { readonly endpoint: IEndpoint } {
  const endpoint = network.endpoints.endpoint(service);
  endpoint.allow(access, organizationId === undefined ? {} : { organizationId });
  const { names, roleAccess } = options;
  return {
    endpoint,
    open: (grantee) => endpoint.admit(grantee),
    access: (facts) => [...access(facts), ...(roleAccess?.(facts) ?? [])],
    names: (facts) => [...awsService(service).dnsNames(facts), ...(names?.(facts) ?? [])],
  };
}
