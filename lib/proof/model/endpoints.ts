import type { Resource } from '../load/resource';
import { text } from '../value/read';
import { Ref, Template, Unknown, type Value } from '../value/value';
import type { Inventory } from './inventory';

/** What an endpoint leads to. */
export type Service =
  /** `com.amazonaws.R.<suffix>`, also where the region is not known. */
  | { readonly kind: 'aws'; readonly suffix: string }
  /** A PrivateLink service of the documents. */
  | { readonly kind: 'own'; readonly service: Resource }
  /** A PrivateLink service of somebody else. */
  | { readonly kind: 'foreign'; readonly name: string }
  | { readonly kind: 'unknown'; readonly unknown: Unknown };

/** Types through which services of AWS, or of somebody else, are reached inside a VPC. */
const ENDPOINTS =
  /^aws_(vpc_endpoint|opensearchserverless_vpc_endpoint|opensearch_domain|opensearch_vpc_endpoint|elasticsearch_domain|elasticsearch_vpc_endpoint)$/;

/** Whether a resource is an endpoint, and may carry a group with that role. */
export function isEndpoint({ type }: Resource): boolean {
  return ENDPOINTS.test(type);
}

/** `Interface` where nothing else is written, except that AWS's default is `Gateway`. */
export function endpointType(endpoint: Resource): string | Unknown {
  return text(endpoint.get('vpc_endpoint_type')) ?? 'Gateway';
}

/** The service of an `aws_vpc_endpoint`. */
export function serviceOf(inventory: Inventory, endpoint: Resource): Service {
  const value = endpoint.get('service_name');
  const name = serviceText(value);
  const [, suffix] =
    /^(?:com\.amazonaws|aws\.api|aws\.sagemaker|cn\.com\.amazonaws)\.(?!vpce\.)[^.]+\.(.+)$/.exec(name ?? '') ?? [];
  if (suffix !== undefined && !suffix.includes('vpce-svc')) return { kind: 'aws', suffix };
  const target = inventory.links.target(value, 'aws_vpc_endpoint_service');
  if (target !== undefined && !(target instanceof Unknown)) return { kind: 'own', service: target };
  if (typeof value === 'string') return { kind: 'foreign', name: value };
  if (target === undefined) {
    const other = ['resource_configuration_arn', 'service_network_arn'].find((key) => endpoint.get(key) !== undefined);
    return { kind: 'foreign', name: other ?? 'a service that is not named' };
  }
  return { kind: 'unknown', unknown: target };
}

/**
 * The gateway endpoints to whose addresses a prefix list leads; null where it is no list of a gateway endpoint. First come those that are named;
 * all of one service share one list (AWS PrivateLink Guide, "Gateway endpoints"), so that the others are among them as well.
 */
export function gatewayEndpointOf(inventory: Inventory, prefixList: Value): readonly Resource[] | Unknown | null {
  const named = namedEndpoints(inventory, prefixList);
  if (named === null || named instanceof Unknown) return named;
  return [...new Set([...named, ...named.flatMap((endpoint) => siblingsOf(inventory, endpoint))])];
}

/** The gateway endpoints that a prefix list names, by an attribute of one or by the name of the service. */
export function namedEndpoints(inventory: Inventory, prefixList: Value): readonly Resource[] | Unknown | null {
  // A state shows the one list of all endpoints of a service as one text.
  const literal = typeof prefixList === 'string' ? inventory.links.candidates(prefixList, 'aws_vpc_endpoint') : [];
  if (literal.length > 1) return literal;
  const direct = inventory.links.target(prefixList, 'aws_vpc_endpoint');
  if (direct !== undefined && !(direct instanceof Unknown)) return [direct];
  const list = inventory.links.target(prefixList, 'data.aws_prefix_list', 'data.aws_ec2_managed_prefix_list');
  if (list === undefined || list instanceof Unknown) return list ?? null;
  const name = serviceText(list.get('name') ?? filterName(list));
  if (name === undefined) return new Unknown(`${list.address}.name`, 'is not known');
  const [, suffix] = /^com\.amazonaws\.[^.]+\.(s3|dynamodb)$/.exec(name) ?? [];
  if (suffix === undefined) return null;
  return inventory.of('aws_vpc_endpoint').filter((endpoint) => {
    const service = serviceOf(inventory, endpoint);
    return endpointType(endpoint) === 'Gateway' && service.kind === 'aws' && service.suffix === suffix;
  });
}

/** Other gateway endpoints that are, or may be, of the same service. */
function siblingsOf(inventory: Inventory, endpoint: Resource): readonly Resource[] {
  const service = serviceOf(inventory, endpoint);
  return inventory.of('aws_vpc_endpoint').filter((other) => {
    const type = endpointType(other);
    if (other === endpoint || (type !== 'Gateway' && !(type instanceof Unknown))) return false;
    const its = serviceOf(inventory, other);
    if (its.kind === 'unknown' || service.kind === 'unknown') return true;
    return its.kind === 'aws' && service.kind === 'aws' && its.suffix === service.suffix;
  });
}

function filterName(list: Resource): Value | undefined {
  const filter = list.get('filter');
  const first = Array.isArray(filter) ? (filter as Value[])[0] : filter;
  if (typeof first !== 'object' || first === null || !('name' in first) || !('values' in first)) return undefined;
  const { name, values } = first as { name: Value; values: Value };
  return name === 'prefix-list-name' && Array.isArray(values) && values.length === 1
    ? (values as Value[])[0]
    : undefined;
}

/** A service's name; whatever stands for the region is one label. */
function serviceText(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (!(value instanceof Template)) return undefined;
  return value.parts.map((part) => (typeof part === 'string' ? part : 'region')).join('');
}

/** Route tables that lead to a gateway endpoint. */
export function tablesOf(inventory: Inventory, endpoint: Resource): readonly Resource[] {
  const types = ['aws_route_table', 'aws_default_route_table', 'aws_vpc'] as const;
  const own = inventory.links.targets(endpoint.get('route_table_ids'), ...types);
  const associated = inventory
    .of('aws_vpc_endpoint_route_table_association')
    .filter((each) => inventory.links.target(each.get('vpc_endpoint_id'), 'aws_vpc_endpoint') === endpoint)
    .flatMap((each) => inventory.links.targets(each.get('route_table_id'), ...types));
  return [...own, ...associated].filter((each): each is Resource => !(each instanceof Unknown));
}

/** Whether a value is what a data source answers that routes nothing: account, region, partition, organisation. */
export function isFact(value: Value): boolean {
  return value instanceof Ref && FACTS.has(value.resource.kind);
}

const FACTS = new Set([
  'data.aws_caller_identity',
  'data.aws_region',
  'data.aws_partition',
  'data.aws_availability_zones',
  'data.aws_availability_zone',
  'data.aws_organizations_organization',
  'data.aws_ssm_parameter',
  'data.aws_service',
]);
