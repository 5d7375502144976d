import { AWS_SERVICES } from '../../network/aws-services';
import type { Resource } from '../load/resource';
import { Unknown } from '../value/value';
import { serviceOf } from '../model/endpoints';
import type { Model } from '../model/model';
import { judgePolicy } from '../policy/judge';
import { policyStatements } from '../resolve/policy-data';
import { checkDestinations } from './c4-destinations';
import { checkStrayEndpoints, reachableEndpoints, type Way } from './c4-reachable';
import { Findings, hop, MAKE_KNOWN, why, type ClaimDraft } from './claim';
import type { Hop } from '../proof';

/** C4: what a workload can reach by an endpoint is pinned by the endpoint's policy, where its service takes one. */
export function checkEndpointPolicies(model: Model): ClaimDraft {
  const findings = new Findings('C4');
  const policies = policiesOf(model, findings);
  for (const way of reachableEndpoints(model).values()) {
    const { endpoint, path, doubt } = way;
    if (endpoint.type !== 'aws_vpc_endpoint') checkOther(model, findings, endpoint, path);
    else if (doubt) checkDoubtful(model, findings, policies, way, doubt);
    else checkEndpoint(model, findings, policies, endpoint, path);
  }
  checkStrayEndpoints(model, findings);
  checkDestinations(model, findings);
  return findings.draft();
}

/** An endpoint that may not be on the route table of a workload is no leak, but nobody knows. */
function checkDoubtful(model: Model, findings: Findings, policies: Policies, way: Way, doubt: Unknown): void {
  const { endpoint, path } = way;
  const its = new Findings('C4');
  checkEndpoint(model, its, policies, endpoint, path);
  const [fault] = its.draft().findings;
  if (!fault) return;
  findings.unproven(
    endpoint,
    `whether ${endpoint.address} is on a route table of ${path[0]?.address} is not known (${why(doubt)}), and ${fault.what}`,
    path,
    fault.change,
  );
}

type Policies = ReadonlyMap<Resource, readonly Resource[]>;

/** Policies that stand in a resource of their own. */
function policiesOf(model: Model, findings: Findings): Policies {
  const policies = new Map<Resource, Resource[]>();
  for (const policy of model.inventory.of('aws_vpc_endpoint_policy')) {
    const endpoint = model.inventory.links.target(policy.get('vpc_endpoint_id'), 'aws_vpc_endpoint');
    if (
      endpoint instanceof Unknown &&
      model.inventory.links.couldBe(endpoint, 'aws_vpc_endpoint') &&
      model.governed.length > 0
    )
      findings.unproven(
        policy,
        `the endpoint of ${policy.address} is not known: ${why(endpoint)}`,
        [hop(policy, 'changes the policy of an endpoint')],
        MAKE_KNOWN,
      );
    if (endpoint === undefined || endpoint instanceof Unknown) continue;
    policies.set(endpoint, [...(policies.get(endpoint) ?? []), policy]);
  }
  return policies;
}

function checkEndpoint(
  model: Model,
  findings: Findings,
  policies: Policies,
  endpoint: Resource,
  path: readonly Hop[],
): void {
  const service = serviceOf(model.inventory, endpoint);
  if (service.kind === 'unknown')
    return findings.unproven(
      endpoint,
      `the service of ${endpoint.address} is not known: ${why(service.unknown)}`,
      path,
      MAKE_KNOWN,
    );
  if (service.kind === 'foreign')
    return findings.broken(
      endpoint,
      `${endpoint.address} leads to ${service.name}, a PrivateLink service that the documents do not define: a path into somebody else's network`,
      path,
      `remove the way to ${endpoint.address}, prove it together with the stack of the service, or accept it (--accept C4 --reason ...)`,
    );
  if (service.kind === 'own') return checkOwnService(model, findings, endpoint, service.service, path);
  const unsupported = AWS_SERVICES.find(
    ({ suffix, endpoint: kind, policySupport }) => suffix === service.suffix && kind === 'Interface' && !policySupport,
  );
  if (unsupported)
    return findings.evidence(
      `${endpoint.address}: ${unsupported.title} takes no endpoint policy (${unsupported.source})`,
    );
  const resources = [...(hasValue(endpoint) ? [endpoint] : []), ...(policies.get(endpoint) ?? []).filter(hasValue)];
  if (resources.length === 0)
    return findings.broken(
      endpoint,
      `${endpoint.address} (${service.suffix}) has no policy, so it lets any caller reach any account`,
      path,
      `give ${endpoint.address} a policy that pins aws:PrincipalAccount and aws:ResourceAccount`,
    );
  const faults = resources.flatMap((resource) =>
    judgePolicy(policyStatements(resource.get('policy'))).map((fault) => ({ ...fault, resource })),
  );
  for (const { status, what, resource } of faults)
    findings[status](
      resource,
      `${endpoint.address} (${service.suffix}): ${what}`,
      [...path, hop(resource, 'has a policy that does not pin both sides')],
      status === 'broken'
        ? 'pin aws:PrincipalAccount and aws:ResourceAccount (or the organisation) in this statement'
        : MAKE_KNOWN,
    );
  if (faults.length === 0)
    findings.evidence(`${endpoint.address} (${service.suffix}): its policy pins callers and resources`);
}

function hasValue(endpoint: Resource): boolean {
  const policy = endpoint.get('policy');
  return policy !== undefined && policy !== null && policy !== '';
}

/** A service of the documents must be the gateway's own load balancer; what else stands behind it is not read. */
function checkOwnService(
  model: Model,
  findings: Findings,
  endpoint: Resource,
  service: Resource,
  path: readonly Hop[],
): void {
  const balancers = model.inventory.links.targets(service.get('network_load_balancer_arns'), 'aws_lb', 'aws_alb');
  const isGateway = (balancer: Resource | Unknown): boolean =>
    !(balancer instanceof Unknown) &&
    model.devices.some(
      ({ parts, groups }) =>
        parts.includes(balancer) && groups.length > 0 && groups.every(({ role }) => role === 'gateway'),
    );
  if (balancers.length > 0 && balancers.every(isGateway))
    return findings.evidence(`${endpoint.address}: leads to the gateway through ${service.address}`);
  findings.unproven(
    service,
    `what stands behind ${service.address} is not known to be the gateway`,
    [...path, hop(service, 'is a PrivateLink service of the documents')],
    'tag the group of its load balancer mcp-egress:role = gateway if it is, or remove the way to it',
  );
}

/** Endpoints of OpenSearch, which take no endpoint policy. */
function checkOther(model: Model, findings: Findings, endpoint: Resource, path: readonly Hop[]): void {
  if (endpoint.type === 'aws_opensearchserverless_vpc_endpoint')
    return findings.evidence(
      `${endpoint.address}: OpenSearch Serverless takes no endpoint policy; its network and data access policies decide`,
    );
  if (/_domain$/.test(endpoint.type))
    return findings.evidence(`${endpoint.address}: stands in the VPC; its access policy decides`);
  if (!/_vpc_endpoint$/.test(endpoint.type)) return; // a leak of claim C2
  const domain = model.inventory.links.target(
    endpoint.get('domain_arn'),
    'aws_opensearch_domain',
    'aws_elasticsearch_domain',
  );
  if (domain instanceof Unknown || domain === undefined)
    findings.broken(
      endpoint,
      `${endpoint.address} leads to a domain that the documents do not define`,
      path,
      'give the proof the document of the domain, or accept it (--accept C4 --reason ...)',
    );
  else findings.evidence(`${endpoint.address}: leads to ${domain.address}, whose access policy decides`);
}
