import { Unknown } from '../value/value';
import { findExit } from '../model/exits';
import type { Model } from '../model/model';
import { findRunners, hostsOf, isWorkload } from '../model/tasks';
import type { Hop } from '../proof';
import { hop, origin } from './claim';

/**
 * A way out on which routes and security groups are open together today, of a workload, of its host, or of a host whose network it uses.
 * Names that are asked of DNS and what endpoint policies let through are judged by their claims alone.
 */
export function findCompletePath(model: Model): readonly Hop[] | undefined {
  const seen = new Set<string>();
  for (const device of model.governed) {
    const key = [...device.groups.map(({ resource }) => resource), ...device.subnets]
      .map(({ document, address }) => `${document} ${address}`)
      .join('|');
    if (seen.has(key)) continue;
    seen.add(key);
    const found = findExit(model, device);
    if (found) return [origin(device), ...found];
  }
  return hostPath(model);
}

/** Of a workload's task definition that runs without the workload's group. */
function hostPath(model: Model): readonly Hop[] | undefined {
  const runners = findRunners(model);
  const ours = new Set(runners.filter(isWorkload).map(({ task }) => task));
  for (const runner of runners) {
    if (isWorkload(runner) || runner.task === undefined || runner.task instanceof Unknown || !ours.has(runner.task))
      continue;
    const start = hop(runner.resource, 'runs a workload without its security group');
    if (runner.device) {
      const found = findExit(model, runner.device);
      if (found) return [start, ...found];
      continue;
    }
    const hosts = hostsOf(model, runner);
    if (hosts.length === 0 || hosts.some((host) => host instanceof Unknown)) return [start];
    const devices = model.devices.filter(({ parts }) => parts.some((part) => hosts.includes(part)));
    for (const device of devices) {
      const found = findExit(model, device);
      if (found) return [start, ...found];
    }
  }
  return undefined;
}
