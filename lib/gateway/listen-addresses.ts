import type { CompiledConfig, NamedResource } from '../envoy/resources';

/** An address on which a listener of the configuration accepts connections. */
export interface ListenAddress {
  /** Name of the listener. */
  readonly listener: string;
  readonly address: string;
  readonly port: number;
}

/** The addresses that a configuration opens: the workloads' listeners and the health listener, not the internal ones. */
export function listenAddresses(config: CompiledConfig): ListenAddress[] {
  return config.listeners.flatMap((listener) => listenAddress(listener) ?? []);
}

/** @returns undefined for an internal listener */
export function listenAddress(listener: NamedResource): ListenAddress | undefined {
  const { socket_address: socket } = (listener.address ?? {}) as {
    socket_address?: { address: string; port_value: number };
  };
  return socket && { listener: listener.name, address: socket.address, port: socket.port_value };
}

/** The address at which this machine reaches a listener: the unspecified address stands for every local one. */
export function dialAddress(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  return address === '::' ? '::1' : address;
}
