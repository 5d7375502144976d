import { isNetworkName, kindOf, NETWORK_KEY } from '../catalogue/types';
import type { Resource } from '../load/resource';
import type { Model } from '../model/model';
import { Template, type Value } from '../value/value';
import { refsOf, walk } from '../value/walk';
import { hop, type Findings } from './claim';

/** Types of AWS that keep or grant, and start nothing in a network that is written in them. */
const STORES =
  /^aws_(iam_|ssm_parameter|s3_|secretsmanager_|dynamodb_|appconfig_|cloudwatch_(log|metric|dashboard|composite)|config_|resourcegroups_|ec2_tag|vpc_security_group_rules_exclusive)/;

/** A document of Systems Manager, say, can start a task with the group of a workload in any subnet. */
export function checkMentions(model: Model, findings: Findings): void {
  const ours = model.groups.all.filter(({ role }) => role === 'workload' || role === 'host');
  const groups = new Set(ours.map(({ resource }) => resource));
  const ids = new Set(ours.map(({ resource }) => resource.get('id')));
  for (const resource of model.inventory.resources) {
    const { type, mode, address } = resource;
    if (mode === 'data' || !type.startsWith('aws_') || kindOf(type) !== 'harmless' || STORES.test(type)) continue;
    const names = resource.keys.some((key) => {
      const value = resource.get(key) ?? null;
      if (refsOf(value).some((ref) => groups.has(ref.resource))) return true;
      const texts = [...walk(value)].flatMap(({ value: each }) => (typeof each === 'string' ? [each] : []));
      return texts.some((each) => each.split(/[^\w-]+/).some((id) => ids.has(id)));
    });
    if (names)
      findings.unproven(
        resource,
        `${address} names the group of a workload, and what it starts with it is not read`,
        [hop(resource, 'names the group of a workload')],
        `take the group out of ${address}, or check by hand what it starts`,
      );
  }
}

/** Whether a resource of an unknown type has to do with a network: by the names of its attributes, or by what they name, also within text. */
export function touchesNetwork(resource: Resource, ids: ReadonlySet<string>): boolean {
  return resource.keys.some((key) => {
    const value = resource.get(key) ?? null;
    return (
      [...walk(value, [key])].some(
        ({ path, value: each }) => isNetworkKey(path.at(-1), each) || namesNetwork(each, ids),
      ) || refsOf(value).some(({ resource: named }) => NETWORK_TYPE.test(named.type))
    );
  });
}

function isNetworkKey(key: string | undefined, value: Value): boolean {
  const isEmpty = value === null || value === '' || (Array.isArray(value) && value.length === 0);
  return !isEmpty && key !== undefined && NETWORK_KEY.test(key);
}

/** An id or an ARN, or one of several in a text. */
function namesNetwork(value: Value, ids: ReadonlySet<string>): boolean {
  const texts = value instanceof Template ? value.parts : [value];
  return texts
    .flatMap((text) => (typeof text === 'string' ? [text, ...text.split(/[\s,;|"'[\]{}()=]+/)] : []))
    .some((word) => isNetworkName(word) || ids.has(word));
}

/** Types that keep values and make nothing. */
const KEEPERS = /^(archive|local|null|random|template|terraform|time|tls)_/;

/** The ids of parts of a network that a plan or a state holds. */
export function networkIds({ inventory }: Model): ReadonlySet<string> {
  const named = inventory.resources.filter(({ mode, type }) => mode === 'managed' && NETWORK_TYPE.test(type));
  return new Set(named.map((each) => each.get('id')).filter((id) => typeof id === 'string'));
}

/** Whether a resource of another provider is told of a network of the documents, and may do something with it. */
export function concernsNetwork(resource: Resource, ids: ReadonlySet<string>): boolean {
  if (KEEPERS.test(resource.type)) return false;
  return resource.keys.some((key) => {
    const value = resource.get(key) ?? null;
    return (
      refsOf(value).some(({ resource: named }) => NETWORK_TYPE.test(named.type)) ||
      [...walk(value)].some(({ value: each }) => namesNetwork(each, ids))
    );
  });
}

const NETWORK_TYPE =
  /^aws_(default_)?(vpc|subnet|security_group|route_table|network_interface|lb$|instance$|ecs_task_definition$|launch_template$)/;
