import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compile } from '../../../../lib/envoy';
import { render } from '../../../../lib/envoy/render';
import type { CompiledConfig } from '../../../../lib/envoy/resources';
import { LOG_ARGUMENTS } from '../../../../lib/gateway/envoy-words';
import { publish } from '../../../../lib/gateway/publish';
import { EgressPolicy } from '../../../../lib/policy';
import { HOST } from '../target';
import type { Peer } from './peer';
import { versionOf } from './version-of';

const PORT = 10000;
const HEALTH_PORT = 9900;

/** The policy: every host over TLS, and the asked one over plain HTTP as well. */
export function policyOf(hosts: readonly string[]): EgressPolicy {
  const allow = [{ hosts }, { host: HOST, protocol: 'http' }];
  return EgressPolicy.fromObject({ version: 1, workloads: { bench: { port: PORT, allow } } });
}

function configOf(folder: string, hosts: readonly string[]): CompiledConfig {
  return compile(policyOf(hosts), {
    directory: folder,
    bind: '127.0.0.1',
    dns: ['127.0.0.53:53'],
    healthPort: HEALTH_PORT,
    adminSocket: join(folder, 'admin.sock'),
  });
}

/** Writes everything that Envoy reads. */
export async function writeConfig(folder: string, hosts: readonly string[]): Promise<CompiledConfig> {
  const config = configOf(folder, hosts);
  for (const [path, content] of render(config)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return config;
}

/** This gateway as it is shipped: SNI guard, address guard, its log on. */
export function gateway(envoy: string): Peer {
  return {
    name: 'this gateway',
    how: 'the configuration that `mcp-egress render` writes, all guards on, JSON log to standard output, a worker a processor',
    version: () => versionOf(envoy, '--version')?.replace(/^/, 'Envoy '),
    prepare: async (folder, hosts) => {
      let config = await writeConfig(folder, hosts);
      const arguments_ = ['--config-path', join(folder, 'envoy.yaml'), ...LOG_ARGUMENTS, '--disable-hot-restart'];
      arguments_.push('--reject-unknown-dynamic-fields', '--file-flush-interval-msec', '100');
      return {
        command: [envoy, ...arguments_],
        way: { kind: 'connect', port: PORT },
        reload: async (next) => {
          const changed = configOf(folder, next);
          await publish({ old: config, next: changed, directory: folder });
          config = changed;
        },
      };
    },
  };
}
