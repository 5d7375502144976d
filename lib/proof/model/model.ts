import type { Loaded } from '../load/documents';
import type { Resource } from '../load/resource';
import { Unknown } from '../value/value';
import { findDevices, hasRole, type Device } from './devices';
import { Inventory } from './inventory';
import { Routing } from './routes';
import { SecurityGroups, vpcOf, type SecurityGroup } from './security-groups';

/** The network of the documents, indexed once. */
export interface Model {
  readonly inventory: Inventory;
  readonly groups: SecurityGroups;
  readonly routing: Routing;
  readonly devices: readonly Device[];
  /** Devices that run workloads or are hosts of them: those that have to be sealed. */
  readonly governed: readonly Device[];
  /** The device that a resource is part of. */
  readonly deviceOf: ReadonlyMap<Resource, Device>;
  /** Who carries a group. */
  readonly carriers: ReadonlyMap<SecurityGroup, readonly Device[]>;
  /** The VPCs with governed devices; unknown where one cannot be found. */
  readonly vpcs: ReadonlyMap<Resource, Device>;
  readonly unknownVpcs: readonly { readonly device: Device; readonly unknown: Unknown }[];
}

/** Reads the network out of documents. */
export function buildModel(loaded: readonly Loaded[]): Model {
  const inventory = new Inventory(loaded);
  const groups = new SecurityGroups(inventory);
  const devices = findDevices(inventory, groups);
  const governed = devices.filter((device) => hasRole(device, 'workload', 'host'));
  const deviceOf = new Map(devices.flatMap((device) => device.parts.map((part) => [part, device] as const)));
  const carriers = new Map<SecurityGroup, Device[]>();
  for (const device of devices) {
    for (const group of device.groups) {
      const known = carriers.get(group);
      if (known) known.push(device);
      else carriers.set(group, [device]);
    }
  }
  return {
    inventory,
    groups,
    devices,
    governed,
    carriers,
    deviceOf,
    routing: new Routing(inventory),
    ...findVpcs(inventory, governed),
  };
}

function findVpcs(inventory: Inventory, governed: readonly Device[]): Pick<Model, 'vpcs' | 'unknownVpcs'> {
  const vpcs = new Map<Resource, Device>();
  const unknownVpcs: { device: Device; unknown: Unknown }[] = [];
  for (const device of governed) {
    const sources = [...device.subnets, ...device.groups.map(({ resource }) => resource)];
    const found = sources.map((source) => vpcOf(inventory, source) ?? defaultVpc(inventory, source));
    for (const vpc of found) if (!(vpc instanceof Unknown) && !vpcs.has(vpc)) vpcs.set(vpc, device);
    const unknown = found.find((vpc) => vpc instanceof Unknown);
    if (unknown) unknownVpcs.push({ device, unknown });
  }
  return { vpcs, unknownVpcs };
}

function defaultVpc(inventory: Inventory, source: Resource): Resource | Unknown {
  const [vpc] = inventory.of('aws_default_vpc');
  return vpc ?? new Unknown(`${source.address}.vpc_id`, 'is not written');
}
