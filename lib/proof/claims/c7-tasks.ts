import type { Resource } from '../load/resource';
import { blocks, bool, list, number, text } from '../value/read';
import { isObject, show, Template, Unknown, type Value, type ValueObject } from '../value/value';
import { jsonOf } from '../resolve/json-text';
import { hasRole } from '../model/devices';
import type { Model } from '../model/model';
import { tag, TAGS } from '../model/tags';
import { findRunners, hostsOf, isWorkload, type Runner } from '../model/tasks';
import type { Hop } from '../proof';
import { Findings, hop, MAKE_KNOWN, why, type ClaimDraft } from './claim';

/** Folders of a host through which a container takes the host over. */
const HOST_FOLDERS =
  /^\/(?:|(?:var\/)?run(?:\/.*)?|etc(?:\/.*)?|proc(?:\/.*)?|sys(?:\/.*)?|dev(?:\/.*)?|root(?:\/.*)?|home(?:\/.*)?|usr(?:\/.*)?|boot(?:\/.*)?|var(?:\/lib(?:\/(?:docker|ecs|containerd)(?:\/.*)?)?)?)$/;
/** Capabilities that make a container as good as privileged. */
const CAPABILITIES = new Set(['ALL', 'SYS_ADMIN', 'SYS_MODULE', 'SYS_RAWIO', 'NET_ADMIN', 'BPF', 'DAC_READ_SEARCH']);

/** C7: tasks of workloads have interfaces of their own and cannot become their host, nor take its credentials. */
export function checkTasks(model: Model): ClaimDraft {
  const findings = new Findings('C7');
  const runners = findRunners(model);
  const ours = new Set(runners.filter(isWorkload).map(({ task }) => task));
  const hosts = new Map<Resource, readonly Hop[]>();
  for (const runner of runners) {
    const isOurs = isWorkload(runner) || isTagged(runner.resource);
    const runsOurs = runner.task instanceof Unknown ? false : ours.has(runner.task) || isTagged(runner.task);
    if (!isOurs && !runsOurs) continue;
    checkRunner(findings, runner);
    for (const host of hostsOf(model, runner)) {
      if (!(host instanceof Unknown))
        hosts.set(host, [hop(runner.resource, 'runs a workload'), hop(host, 'is its host')]);
      else
        findings.unproven(
          runner.resource,
          `the hosts of ${runner.resource.address} are not known: ${why(host)}`,
          [hop(runner.resource, 'runs a workload')],
          MAKE_KNOWN,
        );
    }
  }
  for (const device of model.governed)
    for (const part of device.parts)
      if (!hosts.has(part))
        hosts.set(part, [hop(part, hasRole(device, 'host') ? 'is a container host' : 'is a workload')]);
  for (const [host, path] of hosts) checkHost(model, findings, host, path);
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
  if (text(resource.get('launch_type')) === 'EXTERNAL')
    findings.broken(
      resource,
      `${resource.address} runs on machines outside of AWS (launch_type EXTERNAL)`,
      start,
      'use FARGATE or EC2',
    );
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
  const folder = volume instanceof Unknown ? volume : text(volume.host_path);
  if (folder instanceof Unknown)
    findings.unproven(task, `a volume of ${task.address} is not known: ${why(folder)}`, path, MAKE_KNOWN);
  else if (folder !== undefined && folder !== '' && HOST_FOLDERS.test(folder.replace(/\/+$/, '') || '/'))
    findings.broken(
      task,
      `${task.address} mounts ${folder} of its host, by which it can take the host over`,
      path,
      'use a volume without host_path',
    );
}

function checkContainer(
  findings: Findings,
  task: Resource,
  container: ValueObject | Unknown,
  path: readonly Hop[],
): void {
  if (container instanceof Unknown)
    return findings.unproven(task, `a container of ${task.address} is not known: ${why(container)}`, path, MAKE_KNOWN);
  const name = show(container.name);
  const privileged = bool(container.privileged);
  if (privileged instanceof Unknown)
    findings.unproven(
      task,
      `whether container ${name} of ${task.address} is privileged is not known: ${why(privileged)}`,
      path,
      MAKE_KNOWN,
    );
  if (privileged === true)
    findings.broken(task, `container ${name} of ${task.address} is privileged`, path, 'remove privileged');
  const linux = container.linuxParameters;
  const capabilities = isObject(linux) && isObject(linux.capabilities) ? list(linux.capabilities.add) : [];
  const strong = capabilities.find((each) => typeof each === 'string' && CAPABILITIES.has(each.toUpperCase()));
  if (strong !== undefined)
    findings.broken(
      task,
      `container ${name} of ${task.address} adds the capability ${show(strong)}`,
      path,
      'remove it',
    );
}

/** IMDS gives out the host's credentials: sessions only (IMDSv2), and no answer that crosses a container's network (hop limit 1). */
function checkHost(model: Model, findings: Findings, host: Resource, path: readonly Hop[]): void {
  const takesOptions = /^aws_(instance|spot_instance_request|launch_template|launch_configuration)$/.test(host.type);
  if (!takesOptions) return;
  // An instance takes the options of its launch template.
  if (
    host.type === 'aws_instance' &&
    blocks(host.get('launch_template')).length > 0 &&
    blocks(host.get('metadata_options')).length === 0
  )
    return;
  const [options] = blocks(host.get('metadata_options'));
  if (options instanceof Unknown)
    return findings.unproven(
      host,
      `metadata_options of ${host.address} is not known: ${why(options)}`,
      path,
      MAKE_KNOWN,
    );
  if (text(options?.http_endpoint) !== 'disabled') {
    expect(findings, host, path, 'http_tokens', text(options?.http_tokens), 'required');
    expect(findings, host, path, 'http_put_response_hop_limit', number(options?.http_put_response_hop_limit), 1);
    const device = model.deviceOf.get(host);
    if (device && hasRole(device, 'host')) checkAgent(findings, host, device.parts, path);
  }
}

function expect(
  findings: Findings,
  host: Resource,
  path: readonly Hop[],
  key: string,
  value: string | number | Unknown | undefined,
  right: string | number,
): void {
  if (value instanceof Unknown)
    findings.unproven(host, `${key} of ${host.address} is not known: ${why(value)}`, path, MAKE_KNOWN);
  else if (value !== right)
    findings.broken(
      host,
      `${host.address}: metadata_options.${key} is ${value === undefined ? 'not set' : JSON.stringify(value)}, so containers may get the credentials of the host`,
      path,
      `set metadata_options { http_tokens = "required", http_put_response_hop_limit = 1 }`,
    );
}

/** The agent keeps awsvpc tasks from IMDS only where it is told to (ECS Developer Guide, "Amazon ECS container agent configuration"). */
function checkAgent(findings: Findings, host: Resource, parts: readonly Resource[], path: readonly Hop[]): void {
  const values = parts.flatMap((part) => list(part.get('user_data')).concat(list(part.get('user_data_base64'))));
  const texts = values.map(decoded);
  if (texts.some((each) => typeof each === 'string' && /ECS_AWSVPC_BLOCK_IMDS=['"]?true/.test(each))) return;
  const unknown = texts.find((each) => each instanceof Unknown);
  if (unknown instanceof Unknown)
    findings.unproven(host, `the user data of ${host.address} is not known: ${why(unknown)}`, path, MAKE_KNOWN);
  else
    findings.broken(
      host,
      `${host.address} does not keep tasks from IMDS`,
      path,
      'add ECS_AWSVPC_BLOCK_IMDS=true to /etc/ecs/ecs.config in its user data',
    );
}

/** The known text of user data, base64 or not. */
function decoded(value: Value): string | Unknown {
  if (value instanceof Template) return value.parts.map((part) => (typeof part === 'string' ? part : '?')).join('');
  if (typeof value !== 'string') return value instanceof Unknown ? value : new Unknown(show(value), 'is not text');
  return /^[A-Za-z0-9+/=\s]+$/.test(value) ? `${value}\n${Buffer.from(value, 'base64').toString('utf8')}` : value;
}
