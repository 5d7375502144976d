import { posix } from 'node:path';
import type { Resource } from '../load/resource';
import type { Hop } from '../proof';
import { jsonOf } from '../resolve/json-text';
import { unknownNames } from '../resolve/json-names';
import { blocks, bool, list, unknownOf } from '../value/read';
import { fieldsOf } from '../value/fields';
import { isObject, show, Unknown, type Value } from '../value/value';
import { type Findings, MAKE_KNOWN, why } from './claim';

/** Devices by which a container takes the host over. */
const DEVICES =
  /^\/(?!dev\/)|^\/dev(\/(mem|kmem|port|disk|mapper|sd|xvd|vd|nvme|dm-|loop|md|root|block)[^/]*(\/.*)?)?$/;
/** Capabilities that make a container as good as privileged. */
const CAPABILITIES = new Set(['ALL', 'SYS_ADMIN', 'SYS_MODULE', 'SYS_RAWIO', 'NET_ADMIN', 'BPF', 'DAC_READ_SEARCH']);

/** The containers of a task: none may have rights over its host. */
export function checkContainers(findings: Findings, task: Resource, path: readonly Hop[]): void {
  const value = task.get('container_definitions');
  const containers = jsonOf(value);
  if (!Array.isArray(containers))
    return findings.unproven(
      task,
      `the containers of ${task.address} are not known${containers instanceof Unknown ? `: ${why(containers)}` : ''}`,
      path,
      MAKE_KNOWN,
    );
  for (const name of unknownNames(value))
    findings.unproven(task, `the containers of ${task.address} are not known: ${why(name)}`, path, MAKE_KNOWN);
  for (const each of blocks(containers)) {
    if (each instanceof Unknown)
      findings.unproven(task, `a container of ${task.address} is not known: ${why(each)}`, path, MAKE_KNOWN);
    else new Container(findings, task, each, path).check();
  }
}

class Container {
  private readonly words: string;

  constructor(
    private readonly findings: Findings,
    private readonly task: Resource,
    private readonly definition: Value,
    private readonly path: readonly Hop[],
  ) {
    this.words = `container ${fieldsOf(definition, 'name').map(show).join(' or ') || 'nothing'} of ${task.address}`;
  }

  check(): void {
    for (const value of fieldsOf(this.definition, 'privileged').map(bool)) {
      if (value instanceof Unknown) this.unproven(`whether ${this.words} is privileged is not known`, value);
      if (value === true) this.broken('is privileged', 'remove privileged');
    }
    for (const linux of fieldsOf(this.definition, 'linuxParameters')) {
      for (const value of fieldsOf(linux, 'devices').flatMap(list)) this.checkDevice(value);
      for (const capabilities of fieldsOf(linux, 'capabilities'))
        for (const value of fieldsOf(capabilities, 'add').flatMap(list)) this.checkCapability(value);
    }
  }

  private checkCapability(value: Value): void {
    if (typeof value !== 'string')
      this.unproven(`which capabilities ${this.words} adds is not known`, unknownOf(value));
    else if (CAPABILITIES.has(value.trim().toUpperCase().replace(/^CAP_/, '')))
      this.broken(`adds the capability ${show(value)}`, 'remove it');
  }

  /** Memory and disks of the host; graphics cards and the like are none. */
  private checkDevice(device: Value): void {
    const named = fieldsOf(device, 'hostPath');
    // Without a path of its own nobody knows what it is.
    for (const value of named.length > 0 ? named : [device]) {
      if (typeof value === 'string' ? DEVICES.test(posix.resolve('/', value)) : isObject(value) || Array.isArray(value))
        this.broken(`gets the device ${show(value)} of its host`, 'remove it');
      else if (typeof value !== 'string')
        this.unproven(`which devices of its host ${this.words} gets is not known`, unknownOf(value));
    }
  }

  private broken(what: string, change: string): void {
    this.findings.broken(this.task, `${this.words} ${what}`, this.path, change);
  }

  private unproven(what: string, unknown: Unknown): void {
    this.findings.unproven(this.task, `${what}: ${why(unknown)}`, this.path, MAKE_KNOWN);
  }
}
