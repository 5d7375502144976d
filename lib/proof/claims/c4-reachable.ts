import type { Resource } from '../load/resource';
import type { Device } from '../model/devices';
import { gatewayEndpointOf, isEndpoint, namedEndpoints } from '../model/endpoints';
import { servesDevice, strayEndpoints } from '../model/gateway-tables';
import type { Model } from '../model/model';
import type { Rule } from '../model/security-groups';
import type { Hop } from '../proof';
import { Unknown } from '../value/value';
import { hop, origin, why, type Findings } from './claim';

/** An endpoint that rules lead to. */
export interface Reached {
  readonly endpoint: Resource;
  /** Why nobody knows whether it is on a route table of the workload. */
  readonly doubt?: Unknown;
}

/** How a governed device reaches an endpoint. */
export interface Way extends Reached {
  readonly path: readonly Hop[];
}

/** Endpoints that a governed device's rules lead to, each with the first path. */
export function reachableEndpoints(model: Model): ReadonlyMap<Resource, Way> {
  const found = new Map<Resource, Way>();
  const seen = new Set<Rule>();
  for (const device of model.governed) {
    for (const group of device.groups) {
      for (const rule of group.egress) {
        // To which gateway endpoint a prefix list leads depends on the device's subnets.
        if (rule.peer.kind !== 'prefixList' && seen.has(rule)) continue;
        seen.add(rule);
        for (const { endpoint, doubt } of endpointsOf(model, rule, [device])) {
          const known = found.get(endpoint);
          if (known === undefined || (known.doubt && !doubt))
            found.set(endpoint, { endpoint, path: pathTo(device, rule, endpoint), ...(doubt && { doubt }) });
        }
      }
    }
  }
  return found;
}

/** The endpoints that one rule leads devices to. */
export function endpointsOf(model: Model, { peer }: Rule, devices: readonly Device[]): readonly Reached[] {
  if (peer.kind === 'prefixList') {
    const named = namedEndpoints(model.inventory, peer.value);
    const endpoints = gatewayEndpointOf(model.inventory, peer.value);
    if (endpoints === null || endpoints instanceof Unknown || named === null || named instanceof Unknown) return [];
    // The id of a list that several endpoints share names none of them.
    const isNamed = named.length === 1 || typeof peer.value !== 'string';
    return endpoints.flatMap((endpoint): Reached[] => {
      if (isNamed && named.includes(endpoint)) return [{ endpoint }];
      const served = devices.map((device) => servesDevice(model, endpoint, device));
      const doubt = served.find((each) => each instanceof Unknown);
      if (served.includes(true)) return [{ endpoint }];
      return doubt instanceof Unknown ? [{ endpoint, doubt }] : [];
    });
  }
  if (peer.kind !== 'group') return [];
  const carriers = model.carriers.get(peer.group) ?? [];
  // An endpoint is one whatever the role of its group.
  const reached =
    peer.group.role === 'endpoint'
      ? carriers.map(({ parts }) => parts[0] as Resource)
      : carriers.flatMap(({ parts }) => parts.filter(isEndpoint));
  return reached.map((endpoint) => ({ endpoint }));
}

function pathTo(device: Device, rule: Rule, endpoint: Resource): readonly Hop[] {
  return [origin(device), hop(rule.resource, 'lets it out to an endpoint'), hop(endpoint, 'is reached')];
}

/** An endpoint that the documents do not hold may answer for the prefix list that a rule lets through. */
export function checkStrayEndpoints(model: Model, findings: Findings): void {
  for (const device of model.governed) {
    const rule = device.groups
      .flatMap(({ egress }) => egress)
      .find(({ peer }) => peer.kind === 'prefixList' && Array.isArray(gatewayEndpointOf(model.inventory, peer.value)));
    if (!rule) continue;
    for (const { association, unknown } of strayEndpoints(model, device))
      findings.unproven(
        association,
        `${association.address} puts an endpoint on a route table of ${device.parts[0]?.address}, and which one is not known: ${why(unknown)}`,
        [origin(device), hop(rule.resource, 'lets it out to an endpoint'), hop(association, 'brings another endpoint')],
        'give the proof the document of that endpoint, or remove the association',
      );
  }
}
