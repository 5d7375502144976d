import type { Resource } from '../load/resource';
import { blocks, list } from '../value/read';
import { isKnown } from '../value/links';
import { Unknown, type Value } from '../value/value';
import { refsOf, walk } from '../value/walk';
import { BALANCERS, LISTENERS, missing, RULES, shiftedBy, TARGET_GROUPS } from './balancers';
import { findDeployments } from './deployments';
import { SUBNET_TYPES, type Device } from './devices';
import { functionsNamedIn, functionsOf } from './functions';
import type { Inventory } from './inventory';
import { mentionedIn } from './mentions';
import { findRegistered, REGISTRIES, registryId, registryIds } from './registries';

/** Types that let others in through what they name, with what they are called. */
const FRONTS: Readonly<Record<string, string>> = {
  aws_cloudfront_vpc_origin: 'a CloudFront VPC origin',
  aws_api_gateway_vpc_link: 'an API Gateway VPC link',
  aws_api_gateway_integration: 'an API Gateway integration',
  aws_api_gateway_authorizer: 'an authorizer of API Gateway',
  aws_api_gateway_rest_api: 'an API of API Gateway',
  aws_api_gateway_rest_api_put: 'an API of API Gateway',
  aws_apigatewayv2_api: 'an API of API Gateway',
  aws_apigatewayv2_authorizer: 'an authorizer of API Gateway',
  aws_apigatewayv2_integration: 'an API Gateway integration',
  aws_appsync_datasource: 'a data source of AppSync',
  aws_globalaccelerator_endpoint_group: 'a Global Accelerator endpoint',
  aws_globalaccelerator_custom_routing_endpoint_group: 'a Global Accelerator endpoint',
  aws_vpc_endpoint_service: 'a PrivateLink service for other networks',
  aws_lambda_function_url: 'a function URL',
  aws_vpclattice_target_group: 'a VPC Lattice target group',
  aws_vpclattice_target_group_attachment: 'a VPC Lattice target group',
  aws_vpclattice_resource_configuration: 'a VPC Lattice resource',
};

/** What a listener or an attachment that is not known could name. */
const TARGETS = ['aws_lb_target_group', 'aws_instance'] as const;

/** One way in to a device. */
export interface Front {
  /** From the device outwards. */
  readonly chain: readonly Resource[];
  readonly words: string;
  /** What is not known about it. */
  readonly unknown?: Unknown;
}

/** Leads to whatever stands in the subnets that it names. */
const TO_SUBNETS = 'aws_globalaccelerator_custom_routing_endpoint_group';

/** Something that lets others in, by what it names. */
type Namer = Omit<Front, 'chain'> & { readonly front: Resource };

/** Something of which nobody knows what it leads to, and types of which it could be one. */
export interface Stray {
  readonly resource: Resource;
  readonly unknown: Unknown;
  readonly types: readonly string[];
}

/** Load balancers and other services in front of devices. */
export class Fronts {
  /** Who names whom, of the types that let others in. */
  private readonly naming = new Map<Resource, Namer[]>();
  /** The same by the ids of registries of Cloud Map that are not in the documents. */
  private readonly namingIds = new Map<string, Namer[]>();
  private readonly balancersOf = new Map<Resource, (Resource | Unknown)[]>();
  private readonly groupsOf = new Map<Resource, (Resource | Unknown)[]>();
  /** Listeners and attachments of which nobody knows what they lead to. */
  readonly stray: Stray[] = [];

  constructor(private readonly inventory: Inventory) {
    for (const [type, words] of Object.entries(FRONTS))
      for (const front of inventory.of(type)) {
        for (const named of this.namedBy(front)) push(this.naming, named, { front, words });
        for (const id of registryIds(front)) push(this.namingIds, id, { front, words });
      }
    for (const listener of inventory.of(...LISTENERS)) this.readListener(listener, listener, 'default_action');
    for (const rule of inventory.of(...RULES)) {
      const listener = inventory.links.target(rule.get('listener_arn'), ...LISTENERS);
      if (listener instanceof Unknown || listener === undefined)
        this.readActions(rule, 'action', [listener ?? missing('listener_arn')]);
      else this.readListener(listener, rule, 'action');
    }
    this.readAttachments();
    for (const { part, target } of findDeployments(inventory)) push(this.groupsOf, part, target);
    this.readRegistries();
    for (const front of inventory.of(TO_SUBNETS))
      for (const block of blocks(front.get('endpoint_configuration')))
        for (const target of this.inventory.links.targets(
          block instanceof Unknown ? block : block.endpoint_id,
          ...SUBNET_TYPES,
        ))
          if (target instanceof Unknown) this.addStray(front, target, SUBNET_TYPES);
  }

  /** The ways in to a device. */
  of(device: Device): readonly Front[] {
    return [
      ...device.parts.flatMap((part) => [...this.namers([part]), ...this.registered(part)]),
      ...this.namers(device.subnets).filter(({ chain }) => chain.at(-1)?.type === TO_SUBNETS),
      ...device.parts
        .flatMap((part) => this.balanced(part))
        .flatMap((chain): Front[] => {
          const last = chain.at(-1);
          const known = chain.filter(isKnown);
          if (last instanceof Unknown) return [{ chain: known, words: 'a load balancer', unknown: last }];
          return [{ chain: known, words: 'a load balancer' }, ...this.namers(known)];
        }),
    ];
  }

  private addStray(resource: Resource, unknown: Unknown, types: readonly string[] = TARGETS): void {
    this.stray.push({ resource, unknown, types });
  }

  /** An address that somebody wrote into a registry of Cloud Map to which something leads. */
  private readRegistries(): void {
    for (const { entry, registry, target } of findRegistered(this.inventory))
      for (const namer of this.leadingTo(registry)) {
        if (target instanceof Unknown) this.addStray(entry, target);
        else push(this.naming, target, namer);
      }
  }

  /** By the registry of Cloud Map in which a service writes its addresses: an API can lead there without a load balancer. */
  private registered(part: Resource): Front[] {
    const registries = blocks(part.get('service_registries')).flatMap((block) =>
      block instanceof Unknown ? [block] : list(block.registry_arn),
    );
    return registries.flatMap((value) => {
      const registry = this.inventory.links.targets(value, ...REGISTRIES).filter(isKnown);
      return this.leadingTo(value).map(({ front, ...more }) => ({ chain: [part, ...registry, front], ...more }));
    });
  }

  /** What leads to a registry of Cloud Map; where nobody knows which one it is, what leads to any. */
  private leadingTo(value: Value): readonly Namer[] {
    const found = this.inventory.links.target(value, ...REGISTRIES);
    if (found === undefined) return [];
    if (!(found instanceof Unknown)) return this.naming.get(found) ?? [];
    if (typeof value === 'string') return this.namingIds.get(registryId(value)) ?? [];
    const known = [...this.naming].filter(([{ kind }]) => REGISTRIES.some((each) => each === kind));
    const all = [...known, ...this.namingIds].flatMap(([, namers]) => namers);
    return all.map((namer) => ({ ...namer, unknown: found }));
  }

  /** Part, target group, load balancer; or part and classic load balancer; and so on where a balancer is itself a target. */
  private balanced(part: Resource, seen: ReadonlySet<Resource> = new Set()): (Resource | Unknown)[][] {
    if (seen.has(part)) return [];
    const behind = new Set([...seen, part]);
    return this.targetsOf(part).flatMap((target) => {
      const chains =
        target instanceof Unknown || BALANCERS.some((type) => type === target.type)
          ? [[part, target]]
          : (this.balancersOf.get(target) ?? []).map((balancer) => [part, target, balancer]);
      return chains.flatMap((chain) => {
        const last = chain.at(-1);
        const outer = last === undefined || last instanceof Unknown ? [] : this.balanced(last, behind);
        return [chain, ...outer.map((more) => [...chain, ...more.slice(1)])];
      });
    });
  }

  private targetsOf(part: Resource): (Resource | Unknown)[] {
    const { links } = this.inventory;
    const own = blocks(part.get('load_balancer')).flatMap((block) =>
      block instanceof Unknown
        ? [block]
        : [...walkTargets(block)].flatMap((value) => links.target(value, ...TARGET_GROUPS, ...BALANCERS) ?? []),
    );
    const scaled = [
      ...list(part.get('target_group_arns')),
      ...list(part.get('load_balancers')),
      ...sourcesOf(part, 'aws_autoscaling_group'),
    ];
    return [
      ...own,
      ...shiftedBy(this.inventory, part),
      ...links.targets(scaled, ...TARGET_GROUPS, ...BALANCERS),
      ...(this.groupsOf.get(part) ?? []),
    ];
  }

  private namers(chain: readonly Resource[]): Front[] {
    return chain.flatMap((each) =>
      (this.naming.get(each) ?? []).map(({ front, ...more }) => ({ chain: [...chain, front], ...more })),
    );
  }

  private namedBy(front: Resource): readonly Resource[] {
    const types = [
      ...BALANCERS,
      ...LISTENERS,
      ...TARGET_GROUPS,
      'aws_lambda_function',
      'aws_lambda_alias',
      'aws_service_discovery_service',
      'aws_instance',
      'aws_network_interface',
      ...SUBNET_TYPES,
    ];
    return front.keys.flatMap((key) => {
      const value = front.get(key) ?? null;
      const literal = [...walk(value)].flatMap(({ value: each }) =>
        typeof each === 'string' ? this.inventory.links.candidates(each, ...types) : [],
      );
      const functions = functionsNamedIn(this.inventory, value);
      const mentioned = mentionedIn(this.inventory, front, value, types);
      const named = new Set([...refsOf(value).map(({ resource }) => resource), ...literal, ...functions, ...mentioned]);
      return [...named].flatMap((each) => [each, ...this.behind(each)]);
    });
  }

  /** A listener stands for its load balancer, an alias for its function. */
  private behind(resource: Resource): readonly Resource[] {
    const { links } = this.inventory;
    const all = (value: Value | undefined, ...types: readonly string[]): readonly Resource[] =>
      typeof value === 'string' ? links.candidates(value, ...types) : links.targets(value, ...types).filter(isKnown);
    return [...all(resource.get('load_balancer_arn'), ...BALANCERS), ...functionsOf(this.inventory, resource)];
  }

  private readListener(listener: Resource, from: Resource, key: string): void {
    const balancer = this.inventory.links.target(listener.get('load_balancer_arn'), ...BALANCERS);
    this.readActions(from, key, [balancer ?? missing('load_balancer_arn')]);
  }

  private readActions(from: Resource, key: string, balancers: readonly (Resource | Unknown)[]): void {
    const named = [...walkTargets(from.get(key) ?? null)].flatMap(
      (value) => this.inventory.links.target(value, ...TARGET_GROUPS) ?? [],
    );
    for (const target of named) {
      if (target instanceof Unknown) this.addStray(from, target);
      else for (const balancer of balancers) push(this.balancersOf, target, balancer);
    }
  }

  private readAttachments(): void {
    const { inventory } = this;
    const attach = (resource: Resource, targets: readonly Value[], groups: readonly Value[]): void => {
      const found = inventory.links.targets(groups, ...TARGET_GROUPS, ...BALANCERS);
      for (const target of inventory.links.targets(
        targets,
        'aws_instance',
        'aws_lambda_function',
        'aws_autoscaling_group',
        'aws_lb',
        'aws_alb',
      )) {
        if (target instanceof Unknown) this.addStray(resource, target);
        else for (const group of found) push(this.groupsOf, target, group);
      }
    };
    const values = (resource: Resource, ...keys: readonly string[]) => keys.flatMap((key) => list(resource.get(key)));
    for (const each of inventory.of('aws_lb_target_group_attachment', 'aws_alb_target_group_attachment'))
      attach(each, values(each, 'target_id'), values(each, 'target_group_arn'));
    for (const each of inventory.of('aws_autoscaling_attachment'))
      attach(
        each,
        values(each, 'autoscaling_group_name'),
        values(each, 'lb_target_group_arn', 'alb_target_group_arn', 'elb'),
      );
    for (const each of inventory.of('aws_autoscaling_traffic_source_attachment'))
      attach(each, values(each, 'autoscaling_group_name'), sourcesOf(each, each.type));
    for (const each of inventory.of('aws_elb_attachment')) attach(each, values(each, 'instance'), values(each, 'elb'));
    for (const elb of inventory.of('aws_elb'))
      for (const target of inventory.links.targets(elb.get('instances'), 'aws_instance'))
        if (!(target instanceof Unknown)) push(this.groupsOf, target, elb);
  }
}

/** Values under names that say a target group or a load balancer. */
function* walkTargets(value: Value): Generator<Value> {
  for (const { path, value: each } of walk(value)) {
    const [parent, key] = path.length > 1 ? path.slice(-2) : [undefined, path[0]];
    const isTarget = /target_group_arn$|^elb_name$/.test(key ?? '') || (parent === 'target_group' && key === 'arn');
    if (isTarget || (path.length === 0 && each instanceof Unknown)) yield each;
  }
}

/** Target groups and load balancers by the newer name of both. */
function sourcesOf(resource: Resource, type: string): readonly Value[] {
  if (resource.type !== type) return [];
  return blocks(resource.get('traffic_source')).flatMap((block) =>
    block instanceof Unknown ? [block] : list(block.identifier),
  );
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
