import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listenAddress } from '../../../lib/envoy/edge-listener';
import { compile } from '../../../lib/envoy/compile';
import type { CompiledConfig } from '../../../lib/envoy/resources';
import { EnvoyProcess } from '../../../lib/gateway/envoy-process';
import { LOG_ARGUMENTS } from '../../../lib/gateway/envoy-words';
import { findEnvoy } from '../../../lib/gateway/find-envoy';
import { awaitReady } from '../../../lib/gateway/readiness';
import { EgressPolicy } from '../../../lib/policy/policy';
import { HEALTH_PORT } from '../support/bench';
import { openEnvoy } from './open-envoy';

/** What stands between the cases and the servers: the gateway, or the Envoy that is open on purpose. */
export type Kind = 'gateway' | 'open';

const CLI = join(__dirname, '../../../dist/lib/cli/main.js');
const BIND = '127.0.0.1';
const READY_MS = 30_000;

/** One running Envoy, with a folder of its own. */
export interface Running {
  readonly process: EnvoyProcess;
  readonly stop: () => Promise<void>;
}

/** Starts an Envoy for a policy and waits until it serves. `dns`: `ip:port` of the resolver. */
export async function startEnvoy(
  kind: Kind,
  policy: string,
  dns: string,
  onLog: (line: string) => void,
): Promise<Running> {
  const directory = await mkdtemp(join(tmpdir(), 'bypass-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    const config = kind === 'gateway' ? await render(policy, dns, directory) : await writeOpen(policy, dns, directory);
    const args = ['--config-path', join(directory, 'envoy.yaml'), ...LOG_ARGUMENTS, '--disable-hot-restart'];
    args.push('--reject-unknown-dynamic-fields', '--file-flush-interval-msec', '20', '--concurrency', '1');
    const { path } = await findEnvoy();
    const process = await EnvoyProcess.spawn(path, args, { onLog });
    await awaitReady(process, config, READY_MS).catch(async (error: unknown) => {
      await process.stop();
      throw error;
    });
    return { process, stop: () => process.stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The files of `mcp-egress render`, as its users get them. */
async function render(policy: string, dns: string, directory: string): Promise<CompiledConfig> {
  const file = join(directory, 'egress.yaml');
  await writeFile(file, policy);
  const args = ['render', '--policy', file, '--out', directory, '--directory', directory, '--force'];
  args.push('--bind', BIND, '--dns', dns, '--health-port', String(HEALTH_PORT));
  await promisify(execFile)(process.execPath, [CLI, ...args]);
  // Compiled once more for the addresses at which it will listen; what Envoy reads is what the command wrote.
  return compile(EgressPolicy.fromYaml(policy), { bind: BIND, healthPort: HEALTH_PORT, directory });
}

async function writeOpen(policy: string, dns: string, directory: string): Promise<CompiledConfig> {
  const ports = EgressPolicy.fromYaml(policy).workloads.map(({ port }) => port);
  await writeFile(join(directory, 'envoy.yaml'), JSON.stringify(openEnvoy(BIND, ports, HEALTH_PORT, dns)));
  const listeners = [...ports, HEALTH_PORT].map((port) => ({
    '@type': 'envoy.config.listener.v3.Listener',
    name: port === HEALTH_PORT ? 'health' : `open.${port}`,
    address: listenAddress(BIND, port),
  }));
  return { hash: '', bootstrap: {}, clusters: [], routes: [], listeners };
}
