import { isJson } from './load/json';
import type { Model } from './model/model';

/** What every proof takes on trust. */
const ALWAYS = [
  'AWS does what its documentation says: subnets, routes, security groups, endpoint policies and DNS Firewall',
  'nothing outside of these documents changes the network: other stacks, the console, and roles that may change it (IAM is not read)',
  'services of AWS, which do with the data they hold what they were told: subscriptions, log destinations, connected domains, shared volumes',
  'the hosts that the policy allows, which get what workloads send to them',
];

/**
 * The JSON of a plan is the same with and without these (Terraform, "JSON Output Format", "Expression Representation"): the configuration in it has no
 * dynamic blocks, and of an expression the references alone.
 */
const LEFT_OUT =
  'what a plan leaves out: dynamic blocks of rules and routes of what is new, and what stands beside the references of one expression';

/** What this proof takes on trust. */
export function trustsOf(model: Model): readonly string[] {
  const gateways = model.groups.all.filter(({ role }) => role === 'gateway');
  const carriers = gateways.flatMap((group) =>
    (model.carriers.get(group) ?? []).map(({ parts }) => parts[0]?.address ?? ''),
  );
  const named = carriers.length > 0 ? ` (${[...new Set(carriers)].sort().join(', ')})` : '';
  const isPlan = model.inventory.loaded.some(({ document: { json } }) => isJson(json) && 'planned_values' in json);
  return [
    ...(gateways.length > 0 ? [`what carries the gateway's group runs this gateway with this policy${named}`] : []),
    ...ALWAYS,
    ...(isPlan ? [LEFT_OUT] : []),
  ];
}
