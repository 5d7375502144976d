import type { Model } from './model/model';

/** What every proof takes on trust. */
const ALWAYS = [
  'AWS does what its documentation says: subnets, routes, security groups, endpoint policies and DNS Firewall',
  'nothing outside of these documents changes the network: other stacks, the console, and roles that may change it (IAM is not read)',
  'services of AWS, which do with the data they hold what they were told: subscriptions, log destinations, connected domains, shared volumes',
  'the hosts that the policy allows, which get what workloads send to them',
];

/** What this proof takes on trust. */
export function trustsOf(model: Model): readonly string[] {
  const gateways = model.groups.all.filter(({ role }) => role === 'gateway');
  const carriers = gateways.flatMap((group) =>
    (model.carriers.get(group) ?? []).map(({ parts }) => parts[0]?.address ?? ''),
  );
  const named = carriers.length > 0 ? ` (${[...new Set(carriers)].sort().join(', ')})` : '';
  return [
    ...(gateways.length > 0 ? [`what carries the gateway's group runs this gateway with this policy${named}`] : []),
    ...ALWAYS,
  ];
}
