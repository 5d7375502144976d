import type { Resource } from '../load/resource';
import { blocks, bool, text } from '../value/read';
import { show, Unknown } from '../value/value';
import { walk } from '../value/walk';
import { hasRole } from '../model/devices';
import type { Model } from '../model/model';
import { tag, TAGS } from '../model/tags';
import { findRunners, hostsOf, isWorkload, launchTypeOf, type Runner } from '../model/tasks';
import type { Hop } from '../proof';
import { checkContainers } from './c7-containers';
import { checkHost, type Host } from './c7-hosts';
import { checkVolume } from './c7-volumes';
import { Findings, hop, MAKE_KNOWN, why, type ClaimDraft } from './claim';

/** C7: tasks of workloads have interfaces of their own and cannot become their host, nor take its credentials. */
export function checkTasks(model: Model): ClaimDraft {
  const findings = new Findings('C7');
  const runners = findRunners(model);
  const ours = new Set(runners.filter(isWorkload).map(({ task }) => task));
  const hosts = new Map<Resource, Host>();
  for (const runner of runners) {
    const isOurs = isWorkload(runner) || isTagged(runner.resource);
    const runsOurs =
      runner.task === undefined || runner.task instanceof Unknown
        ? false
        : ours.has(runner.task) || isTagged(runner.task);
    if (!isOurs && !runsOurs) continue;
    checkRunner(findings, runner);
    for (const host of hostsOf(model, runner)) {
      const device = host instanceof Unknown ? undefined : model.deviceOf.get(host);
      if (!(host instanceof Unknown) && device && !hasRole(device, 'host', 'workload'))
        findings.unproven(
          host,
          `${host.address} runs tasks of a workload, and no group of it has the role host, so its own ways out are not judged`,
          [hop(runner.resource, 'runs a workload'), hop(host, 'is its host')],
          'tag its group mcp-egress:role = host',
        );
      if (!(host instanceof Unknown))
        hosts.set(host, { path: [hop(runner.resource, 'runs a workload'), hop(host, 'is its host')], runsTasks: true });
      else
        findings.unproven(
          runner.resource,
          `the hosts of ${runner.resource.address} are not known: ${why(host)}`,
          [hop(runner.resource, 'runs a workload')],
          MAKE_KNOWN,
        );
    }
  }
  for (const device of model.governed) {
    const runsTasks = hasRole(device, 'host');
    for (const part of device.parts)
      if (!hosts.has(part))
        hosts.set(part, { path: [hop(part, runsTasks ? 'is a container host' : 'is a workload')], runsTasks });
  }
  for (const [resource, host] of hosts) checkHost(model, findings, resource, host);
  return findings.draft();
}

/** A service or a task that says itself that it is a workload's. */
function isTagged(resource: Resource): boolean {
  return tag(resource, TAGS.role) === 'workload';
}

function checkRunner(findings: Findings, runner: Runner): void {
  const { resource, task, device } = runner;
  const start = [hop(resource, 'runs a workload')];
  if (device === undefined || !hasRole(device, 'workload'))
    findings.broken(
      resource,
      `${resource.address} runs a workload without the workload's security group: it has the network of its host, or of another group`,
      start,
      `give ${resource.address} a network_configuration with the group of the workload`,
    );
  checkSwitch(
    findings,
    resource,
    start,
    'enable_execute_command',
    'lets a session into the container (ECS Exec), through which data leaves',
  );
  const launchType = launchTypeOf(resource);
  if (typeof launchType === 'string' && launchType.toUpperCase() === 'EXTERNAL')
    findings.broken(
      resource,
      `${resource.address} runs on machines outside of AWS (launch_type EXTERNAL)`,
      start,
      'use FARGATE or EC2',
    );
  if (task === undefined) return;
  if (task instanceof Unknown)
    findings.unproven(
      resource,
      `the task definition of ${resource.address} is not known: ${why(task)}`,
      start,
      MAKE_KNOWN,
    );
  else {
    checkTask(findings, task, [...start, hop(task, 'is its task definition')]);
    findings.evidence(`${resource.address}: ${task.address}, network mode ${show(task.get('network_mode'))}`);
  }
}

function checkSwitch(findings: Findings, resource: Resource, path: readonly Hop[], key: string, words: string): void {
  const given = resource.keys.flatMap((name) =>
    name === 'tags'
      ? []
      : [...walk(resource.get(name) ?? null, [name])].filter(({ path: names }) => names.at(-1) === key),
  );
  for (const value of given.map((each) => bool(each.value))) {
    if (value instanceof Unknown)
      findings.unproven(resource, `whether ${resource.address} ${words} is not known: ${why(value)}`, path, MAKE_KNOWN);
    if (value === true) findings.broken(resource, `${resource.address} ${words}`, path, `set ${key} to false`);
  }
}

function checkTask(findings: Findings, task: Resource, path: readonly Hop[]): void {
  const mode = text(task.get('network_mode')) ?? 'bridge';
  if (mode instanceof Unknown)
    findings.unproven(task, `the network mode of ${task.address} is not known: ${why(mode)}`, path, MAKE_KNOWN);
  else if (mode !== 'awsvpc')
    findings.broken(
      task,
      `${task.address} has network mode ${mode}: it uses the interface of its host`,
      path,
      'set network_mode to awsvpc',
    );
  for (const key of ['pid_mode', 'ipc_mode']) {
    const value = text(task.get(key));
    if (value instanceof Unknown)
      findings.unproven(task, `${key} of ${task.address} is not known: ${why(value)}`, path, MAKE_KNOWN);
    if (typeof value === 'string' && value.toLowerCase() === 'host')
      findings.broken(task, `${task.address} shares the processes of its host (${key})`, path, `remove ${key}`);
  }
  for (const volume of blocks(task.get('volume'))) checkVolume(findings, task, volume, path);
  checkContainers(findings, task, path);
}
