import { isIPv6 } from 'node:net';
import { isAnyAddress } from '../gateway/own-addresses';
import { type EgressPolicy } from '../policy/policy';
import { table, type TableOptions } from './table';

/** Where each workload finds the gateway, and the lines for its environment. */
export function listenersReport(policy: EgressPolicy, bind: string, options: TableOptions): string {
  const rows = policy.workloads.map(({ name, port }) => [name, hostPort(bind, port)]);
  const exports = policy.workloads.map(({ name, port }) => {
    const url = `http://${hostPort(reachable(bind), port)}`;
    // curl reads http_proxy in lower case alone; everything else reads at least one case of each.
    return `export HTTPS_PROXY=${url} http_proxy=${url}   # ${name}`;
  });
  return `${table(['workload', 'listens on'], rows, options)}\n\n${exports.join('\n')}`;
}

/** Warns of a gateway that more than this machine can use; `undefined` for a loopback address. */
export function openDoorWarning(bind: string): string | undefined {
  if (/^127\./.test(bind) || bind === '::1') return undefined;
  const where = isAnyAddress(bind) ? 'any network of this machine' : `the network of ${bind}`;
  return (
    `warning: an open door: anybody on ${where} can use every rule of a workload, by its port alone.\n` +
    '  Let only the workload reach its port (firewall, security group), or leave --bind at 127.0.0.1.'
  );
}

function reachable(bind: string): string {
  if (bind === '0.0.0.0') return '127.0.0.1';
  return bind === '::' ? '::1' : bind;
}

function hostPort(ip: string, port: number): string {
  return `${isIPv6(ip) ? `[${ip}]` : ip}:${port}`;
}
