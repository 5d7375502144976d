import { contains, overlaps, parseCidr, type Workload } from '../policy';
import { cidr, formatCidr, type Cidr } from '../policy/cidr';
import { quote } from '../policy/quote';

/**
 * Out of which the networks are cut. Docker's own pools are 172.17.0.0/16 to 172.31.0.0/16 and 192.168.0.0/16 (dockerd,
 * `default-address-pools`), so this one meets none of them; the machine's own networks may still do.
 */
export const DEFAULT_SUBNET_POOL = '10.213.0.0/16';

/** Addresses in a workload's network: the engine keeps the first one for itself, whether it uses it or not. */
export const HOST_NUMBER = { gateway: 2, server: 3, forwarder: 4 } as const;

/** Addresses of one network: 16, of which the last 8 go to containers that ask for none. */
const NETWORK_PREFIX = 28;
const WIDEST_POOL = 8;
const NARROWEST_POOL = 24;
const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** The networks of one plan; CIDR texts. */
export interface SubnetPlan {
  /** The gateway's way out. */
  readonly egress: string;
  /** Where ports of workloads are published from. */
  readonly published: string;
  /** By workload. */
  readonly workloads: Readonly<Record<string, string>>;
}

export interface SubnetPlanProps {
  readonly workloads: readonly Workload[];
  /** IPv4, private, /8 to /24. @default {@link DEFAULT_SUBNET_POOL} */
  readonly subnetPool?: string;
  /** Networks of single workloads, /28 or wider, instead of one out of the pool. */
  readonly subnets?: Readonly<Record<string, string>>;
}

/**
 * Cuts a pool: its upper half is the network from which ports are published, the first /28 is the gateway's way out, and of the others each
 * workload gets one. Its place depends on its port alone, so that another workload more or less moves nobody; where two ports would
 * get one place, `subnets` has to name another network.
 *
 * @param problems takes what is wrong
 */
export function planSubnets(props: SubnetPlanProps, problems: string[]): SubnetPlan {
  const { workloads, subnetPool = DEFAULT_SUBNET_POOL, subnets = {} } = props;
  const fault = poolProblem(subnetPool);
  const faults = [...(fault === undefined ? [] : [fault]), ...overrideProblems(props)];
  const pool = cidr(fault === undefined ? subnetPool : DEFAULT_SUBNET_POOL);
  const places = 2 ** (NETWORK_PREFIX - 1 - pool.prefix) - 1;
  const plan = {
    egress: piece(pool, 0),
    published: upperHalf(formatCidr(pool)),
    workloads: Object.fromEntries(
      workloads.map(({ name, port }) => [name, subnets[name] ?? piece(pool, 1 + (port % places))]),
    ),
  };
  problems.push(...faults, ...(faults.length === 0 ? clashes(plan, props) : []));
  return plan;
}

/** The number of a workload's forwarder in the network from which ports are published: of its lower half, by the workload's port. */
export function publishedNumber(published: string, port: number): number {
  return HOST_NUMBER.gateway + (port % (2 ** (31 - cidr(published).prefix) - HOST_NUMBER.gateway));
}

/** The address with a number in a network: 1 is its first one. */
export function addressIn(network: string, number: number): string {
  const { family, base } = cidr(network);
  return formatCidr({ family, base: base + BigInt(number), prefix: 32 }).replace(/\/32$/, '');
}

/** The upper half of a network. */
export function upperHalf(network: string): string {
  const { family, base, prefix } = cidr(network);
  return formatCidr({ family, base: base + 2n ** BigInt(31 - prefix), prefix: prefix + 1 });
}

function piece({ family, base }: Cidr, index: number): string {
  return formatCidr({ family, base: base + BigInt(index) * 16n, prefix: NETWORK_PREFIX });
}

function poolProblem(text: string): string | undefined {
  const pool = parseCidr(text);
  if ('code' in pool) return `subnetPool: ${pool.message}`;
  if (pool.family === 6 || pool.prefix < WIDEST_POOL || pool.prefix > NARROWEST_POOL) {
    return `subnetPool: ${quote(text)} is not an IPv4 network from /${WIDEST_POOL} to /${NARROWEST_POOL}; write one like ${quote(DEFAULT_SUBNET_POOL)}, out of which each workload takes a /${NETWORK_PREFIX}`;
  }
  if (contains(PRIVATE_RANGES, text)) return undefined;
  return `subnetPool: ${quote(text)} is not wholly private; hosts on the Internet that have these addresses could never be reached. Write a network out of ${PRIVATE_RANGES.join(', ')}`;
}

function overrideProblems({ workloads, subnets = {} }: SubnetPlanProps): string[] {
  const names = workloads.map(({ name }) => name);
  return Object.entries(subnets).flatMap(([name, text]) => {
    if (!names.includes(name)) {
      return [
        `subnets: ${quote(name)} is no workload of the policy; use ${names.join(', ') || 'none, it has no workload'}`,
      ];
    }
    const network = parseCidr(text);
    if ('code' in network) return [`subnets: ${name}: ${network.message}`];
    const ok = network.family === 4 && network.prefix <= NETWORK_PREFIX && contains(PRIVATE_RANGES, text);
    return ok
      ? []
      : [
          `subnets: ${name}: ${quote(text)} is not a private IPv4 network of /${NETWORK_PREFIX} or wider; write one out of ${PRIVATE_RANGES.join(', ')}`,
        ];
  });
}

/** Two networks on one engine may not overlap. */
function clashes(plan: SubnetPlan, { workloads, subnetPool = DEFAULT_SUBNET_POOL }: SubnetPlanProps): string[] {
  const all = [
    { owner: 'the way out of the gateway', subnet: plan.egress },
    { owner: 'the published ports', subnet: plan.published },
    ...workloads.map(({ name, port }) => ({ owner: `workload ${name}`, subnet: plan.workloads[name] ?? '', port })),
  ];
  return all.flatMap((one, index) =>
    all.slice(index + 1).flatMap((other) => {
      if (!overlaps(one.subnet, other.subnet)) return [];
      const ports = [one, other].flatMap((each) => ('port' in each ? [each.port] : []));
      const why = ports.length === 2 ? ` (ports ${ports.join(' and ')}, subnetPool ${quote(subnetPool)})` : '';
      return [
        `subnets: ${one.owner} has ${one.subnet} and ${other.owner} has ${other.subnet}, which overlap${why}; write another network for one of them in subnets, give one workload another port, or use a wider subnetPool`,
      ];
    }),
  );
}
