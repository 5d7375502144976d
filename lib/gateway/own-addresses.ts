import { networkInterfaces } from 'node:os';

/** Whether an address to listen on stands for all of the machine. */
export function isAnyAddress(bind: string): boolean {
  return bind === '0.0.0.0' || bind === '::';
}

/**
 * The addresses at which a gateway that is bound to `bind` can be reached: for "any address" those of all interfaces but loopback, which
 * no name leads to anyway.
 */
export function ownAddresses(bind: string): string[] {
  if (!isAnyAddress(bind)) return [bind];
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return [...new Set(all.filter(({ internal }) => !internal).map(({ address }) => address))].sort();
}
