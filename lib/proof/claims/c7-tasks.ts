import { posix } from 'node:path';
import type { Resource } from '../load/resource';
import { blocks, bool, list, text } from '../value/read';
import { isObject, show, Unknown, type Value, type ValueObject } from '../value/value';
import { jsonOf } from '../resolve/json-text';
import { hasRole } from '../model/devices';
import type { Model } from '../model/model';
import { tag, TAGS } from '../model/tags';
import { findRunners, hostsOf, isWorkload, launchTypeOf, type Runner } from '../model/tasks';
import type { Hop } from '../proof';
import { checkHost, type Host } from './c7-hosts';
import { Findings, hop, MAKE_KNOWN, why, type ClaimDraft } from './claim';

/** Folders of a host through which a container takes the host over. */
const HOST_FOLDERS =
  /^\/(?:|(?:var\/)?run(?:\/.*)?|s?bin(?:\/.*)?|lib\w*(?:\/.*)?|opt(?:\/(?:amazon|aws|cni)(?:\/.*)?)?|etc(?:\/.*)?|proc(?:\/.*)?|sys(?:\/.*)?|dev(?:\/.*)?|root(?:\/.*)?|home(?:\/.*)?|usr(?:\/.*)?|boot(?:\/.*)?|var(?:\/spool(?:\/.*)?|\/lib(?:\/(?:docker|ecs|containerd|cloud|amazon|systemd|kubelet)(?:\/.*)?)?)?)$/;
/** Devices by which a container takes the host over. */
const DEVICES =
  /^\/(?!dev\/)|^\/dev(\/(mem|kmem|port|disk|mapper|sd|xvd|vd|nvme|dm-|loop|md|root|block)[^/]*(\/.*)?)?$/;
/** Capabilities that make a container as good as privileged. */
const CAPABILITIES = new Set(['ALL', 'SYS_ADMIN', 'SYS_MODULE', 'SYS_RAWIO', 'NET_ADMIN', 'BPF', 'DAC_READ_SEARCH']);

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
  if (launchTypeOf(resource) === 'EXTERNAL')
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
  const deep = resource.keys.flatMap((name) => (name === key ? [resource.get(name)] : nested(resource.get(name), key)));
  for (const value of deep.map(bool)) {
    if (value instanceof Unknown)
      findings.unproven(resource, `whether ${resource.address} ${words} is not known: ${why(value)}`, path, MAKE_KNOWN);
    if (value === true) findings.broken(resource, `${resource.address} ${words}`, path, `set ${key} to false`);
  }
}

function nested(value: Value | undefined, key: string): (Value | undefined)[] {
  return blocks(value).flatMap((block) => (isObject(block) && key in block ? [block[key]] : []));
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
    if (value === 'host')
      findings.broken(task, `${task.address} shares the processes of its host (${key})`, path, `remove ${key}`);
  }
  for (const volume of blocks(task.get('volume'))) checkVolume(findings, task, volume, path);
  const containers = jsonOf(task.get('container_definitions'));
  if (!Array.isArray(containers))
    return findings.unproven(
      task,
      `the containers of ${task.address} are not known${containers instanceof Unknown ? `: ${why(containers)}` : ''}`,
      path,
      MAKE_KNOWN,
    );
  for (const container of blocks(containers)) checkContainer(findings, task, container, path);
}

function checkVolume(findings: Findings, task: Resource, volume: ValueObject | Unknown, path: readonly Hop[]): void {
  const folder = volume instanceof Unknown ? volume : folderOf(volume);
  if (folder instanceof Unknown)
    findings.unproven(task, `a volume of ${task.address} is not known: ${why(folder)}`, path, MAKE_KNOWN);
  else if (folder !== undefined && folder !== '' && isHostFolder(folder))
    findings.broken(
      task,
      `${task.address} mounts ${folder} of its host, by which it can take the host over`,
      path,
      'use a volume without host_path',
    );
}

/** A folder of the host, also where a Docker volume binds one (Docker, "docker volume create", driver `local`). */
function folderOf(volume: ValueObject): string | Unknown | undefined {
  const path = text(volume.host_path);
  if (path !== undefined && path !== '') return path;
  for (const docker of blocks(volume.docker_volume_configuration)) {
    const options = docker instanceof Unknown ? docker : (docker.driver_opts ?? {});
    if (options instanceof Unknown) return options;
    const device = isObject(options) ? text(options.device) : undefined;
    if (device !== undefined) return device;
  }
  return undefined;
}

function isHostFolder(folder: string): boolean {
  return HOST_FOLDERS.test(posix.resolve('/', folder));
}

/** An attribute of a container; the provider reads their names whatever their case (Go's `encoding/json`). */
function field(object: Value | undefined, name: string): Value | undefined {
  if (!isObject(object)) return undefined;
  const key = Object.keys(object).find((each) => each.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : object[key];
}

function checkContainer(
  findings: Findings,
  task: Resource,
  container: ValueObject | Unknown,
  path: readonly Hop[],
): void {
  if (container instanceof Unknown)
    return findings.unproven(task, `a container of ${task.address} is not known: ${why(container)}`, path, MAKE_KNOWN);
  const name = show(field(container, 'name'));
  const privileged = bool(field(container, 'privileged'));
  if (privileged instanceof Unknown)
    findings.unproven(
      task,
      `whether container ${name} of ${task.address} is privileged is not known: ${why(privileged)}`,
      path,
      MAKE_KNOWN,
    );
  if (privileged === true)
    findings.broken(task, `container ${name} of ${task.address} is privileged`, path, 'remove privileged');
  const linux = field(container, 'linuxParameters');
  checkDevices(findings, task, name, field(linux, 'devices'), path);
  const capabilities = list(field(field(linux, 'capabilities'), 'add'));
  const strong = capabilities.find(
    (each) => typeof each === 'string' && CAPABILITIES.has(each.toUpperCase().replace(/^CAP_/, '')),
  );
  if (strong !== undefined)
    findings.broken(
      task,
      `container ${name} of ${task.address} adds the capability ${show(strong)}`,
      path,
      'remove it',
    );
}

/** Memory and disks of the host; graphics cards and the like are none. */
function checkDevices(
  findings: Findings,
  task: Resource,
  name: string,
  devices: Value | undefined,
  path: readonly Hop[],
): void {
  const found = list(devices).map((each) => field(each, 'hostPath') ?? each);
  const strong = found.find((each) => typeof each !== 'string' || DEVICES.test(posix.resolve('/', each)));
  if (strong !== undefined)
    findings.broken(
      task,
      `container ${name} of ${task.address} gets the device ${show(strong)} of its host`,
      path,
      'remove it',
    );
}
