import { contains, parseCidr } from '../../policy/cidr';
import { isCidr } from '../value/cidr';
import type { Value } from '../value/value';

/** Where the VPC's resolver answers beside its own address (VPC User Guide, "Amazon DNS server"). */
const RESOLVERS = ['169.254.169.253/32', 'fd00:ec2::253/128'];

/**
 * Whether a network is one address, that of a VPC's resolver: the second of the VPC, or a link-local one. Security groups cannot filter it
 * anyway (VPC User Guide, "Amazon DNS server").
 */
export function isResolver(cidr: Value, vpcCidrs: readonly Value[]): boolean {
  if (!isCidr(cidr)) return false;
  if (contains(RESOLVERS, cidr)) return true;
  return vpcCidrs.some((vpc) => {
    const network = typeof vpc === 'string' ? parseCidr(vpc) : undefined;
    const own = parseCidr(cidr);
    if (!network || 'code' in network || 'code' in own) return false;
    return own.family === 4 && own.prefix === 32 && network.family === 4 && own.base === network.base + 2n;
  });
}
