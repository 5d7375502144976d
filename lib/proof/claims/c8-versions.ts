import type { Device } from '../model/devices';
import type { Resource } from '../load/resource';
import type { Links } from '../value/links';
import { bool, text } from '../value/read';
import { isObject, Ref, show, Unknown, type Value, type ValueObject } from '../value/value';
import { walk } from '../value/walk';
import { hop, why, type Findings } from './claim';

/** Attributes with blocks that name a launch template and a version of it. */
const TAKERS = ['launch_template', 'mixed_instances_policy', 'launch_template_config'];
const TEMPLATE = 'aws_launch_template';

/** An older version of a launch template may have other groups, addresses and options than the one that is written. */
export function checkVersions(links: Links, findings: Findings, { parts }: Device): void {
  const own = parts.filter(({ type }) => type === TEMPLATE);
  for (const part of parts) {
    for (const block of TAKERS.flatMap((key) => [...walk(part.get(key) ?? null)]).map(({ value }) => value)) {
      const named = isObject(block) ? nameOf(block) : undefined;
      if (!isObject(block) || named === undefined) continue;
      const found = links.target(named, TEMPLATE);
      const templates = found === undefined || found instanceof Unknown ? own : [found];
      const version = block.version ?? '$Default';
      if (templates.some((each) => isWritten(version === '' ? '$Default' : version, each))) continue;
      findings.unproven(
        part,
        version instanceof Unknown
          ? `which version of a launch template ${part.address} takes is not known: ${why(version)}`
          : `${part.address} takes version ${typeof version === 'string' ? version : show(version)} of a launch template, which need not be the one that is written`,
        [hop(part, 'carries the group of a workload or of a host')],
        'take the attribute latest_version of the launch template',
      );
    }
  }
}

/** What a block names; it may be empty where the other name is written. */
function nameOf(block: ValueObject): Value | undefined {
  const written = ['id', 'launch_template_id', 'name', 'launch_template_name'].map((key) => block[key]);
  const known = written.filter((each) => each !== undefined && each !== null && each !== '');
  return known.find((each) => !(each instanceof Unknown)) ?? known[0];
}

/** Whether a version is the one that is written: the last. */
function isWritten(version: Value, template: Resource): boolean {
  const latest = template.get('latest_version');
  if (version === '$Latest') return true;
  if (version instanceof Ref && version.resource === template && version.attribute === 'latest_version') return true;
  const isDefault = version instanceof Ref && version.resource === template && version.attribute === 'default_version';
  if (version !== '$Default' && !isDefault) return isSame(version, latest);
  return bool(template.get('update_default_version')) === true || isSame(template.get('default_version'), latest);
}

function isSame(version: Value | undefined, latest: Value | undefined): boolean {
  const [one, other] = [text(version), text(latest)];
  return typeof one === 'string' && one === other;
}
