import { contains, formatCidr, parseCidr, type Cidr } from '../policy/cidr';
import { quote } from '../policy/quote';
import { NetworkPlanError } from './errors';
import { hasToken } from './token';

/** One subnet of each kind for every availability zone, in the order of the zones; CIDR texts. */
export interface SubnetPlan {
  readonly public: string[];
  readonly egress: string[];
  readonly isolated: string[];
}

export interface SubnetPlanProps {
  /** The VPC's IPv4 network, /16 to /23, out of RFC 1918 or 100.64.0.0/10. */
  readonly cidr: string;
  /** How many availability zones: 1 to 6. */
  readonly zoneCount: number;
}

/** The VPC is always cut into so many zone blocks, so that one more zone renumbers nothing. */
const ZONE_BITS = 3;
const MOST_ZONES = 6;

/**
 * A VPC is /16 at most (VPC User Guide, "VPC CIDR blocks"). At /23 the smallest subnets are /28, the smallest that AWS has.
 */
const WIDEST_PREFIX = 16;
const LONGEST_PREFIX = 23;

/** RFC 1918, and the shared address space of RFC 6598: what the VPC User Guide recommends and lists. */
const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/**
 * Plans the subnets of a VPC. The VPC is cut into eight equal blocks, the first `zoneCount` of which are used, one a zone; of a
 * block the first half is the isolated subnet, the third quarter the egress subnet, the last quarter the public one.
 * More zones later leave the present subnets as they are.
 * @throws {NetworkPlanError} with all problems at once
 */
export function planSubnets({ cidr, zoneCount }: SubnetPlanProps): SubnetPlan {
  const vpc = hasToken(cidr) ? undefined : parseCidr(cidr);
  const problems = [...cidrProblems(cidr, vpc), ...zoneProblems(zoneCount)];
  if (vpc === undefined || 'code' in vpc || problems.length > 0) throw new NetworkPlanError(problems);
  const blocks = Array.from({ length: zoneCount }, (_, zone) => part(vpc, ZONE_BITS, zone));
  return {
    public: blocks.map((block) => formatCidr(part(block, 2, 3))),
    egress: blocks.map((block) => formatCidr(part(block, 2, 2))),
    isolated: blocks.map((block) => formatCidr(part(block, 1, 0))),
  };
}

/** The part with a number of a network that is cut into 2^bits equal parts. */
function part({ family, base, prefix }: Cidr, bits: number, index: number): Cidr {
  const size = 1n << BigInt(32 - prefix - bits);
  return { family, base: base + BigInt(index) * size, prefix: prefix + bits };
}

function cidrProblems(text: string, vpc: ReturnType<typeof parseCidr> | undefined): string[] {
  if (vpc === undefined) {
    return [`cidr: ${quote(text)} is known only at deploy time; write the network itself, like "10.0.0.0/16"`];
  }
  if ('code' in vpc) return [`cidr: ${vpc.message}`];
  if (vpc.family === 6) return [`cidr: ${quote(text)} is IPv6; write an IPv4 network, like "10.0.0.0/16"`];
  const problems: string[] = [];
  if (vpc.prefix < WIDEST_PREFIX || vpc.prefix > LONGEST_PREFIX) {
    problems.push(
      `cidr: ${quote(text)} has /${vpc.prefix}; write /${WIDEST_PREFIX} (the widest that AWS takes) to /${LONGEST_PREFIX} (below it the subnets would be smaller than /28, the smallest that AWS has)`,
    );
  }
  if (!contains(PRIVATE_RANGES, text)) {
    problems.push(
      `cidr: ${quote(text)} is not wholly private; hosts on the Internet that have these addresses could never be reached. Write a network out of ${PRIVATE_RANGES.join(', ')}`,
    );
  }
  return problems;
}

function zoneProblems(zoneCount: number): string[] {
  if (Number.isInteger(zoneCount) && zoneCount >= 1 && zoneCount <= MOST_ZONES) return [];
  return [
    `zoneCount: ${quote(zoneCount)} is not a whole number from 1 to ${MOST_ZONES}; write how many availability zones to use, two or more so that one may fail`,
  ];
}
