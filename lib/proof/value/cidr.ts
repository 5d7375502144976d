import { parseCidr } from '../../policy/cidr';
import type { Value } from './value';

/** Whether a value is the text of a network. */
export function isCidr(value: Value | undefined): value is string {
  return typeof value === 'string' && !('code' in parseCidr(value));
}

/** The network of one address. */
export function networkOf(ip: string): string {
  return `${ip}/${ip.includes(':') ? 128 : 32}`;
}
