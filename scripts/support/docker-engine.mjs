/** The Docker engine of the tests: found, or installed where that was asked for. Node built-ins only. */
import { spawnSync } from 'node:child_process';
import { probeNamespace } from '../in-namespace.mjs';
import { installPackages } from './apt.mjs';

/** Debian's packages: the engine with its client, Compose, and the tools from which a test image is made. */
const PACKAGES = ['docker.io', 'docker-compose', 'busybox-static', 'curl', 'iptables', 'iputils-ping', 'mawk'];
const NEEDED = ['dockerd', 'docker', 'docker-compose', 'busybox', 'curl', 'iptables', 'ping', 'mawk'];
const AS_ROOT = ['--net', '--mount'];

const missing = () => NEEDED.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);

/**
 * Whether the tests can start an engine of their own in a network namespace: they need root and the tools.
 *
 * @param {boolean} mayInstall whether Debian's packages may be installed where tools are missing
 * @returns {{ kinds: string[] } | { reason: string }} what to hand to `runInNamespace`, or why there can be none
 */
export function probeEngine(mayInstall) {
  if (process.platform !== 'linux') return { reason: `${process.platform} runs no containers of its own` };
  if (process.getuid() !== 0) return { reason: 'starting a Docker engine needs root' };
  const namespace = probeNamespace(AS_ROOT);
  if ('reason' in namespace) return namespace;
  if (missing().length > 0 && mayInstall) installPackages(PACKAGES);
  const lacking = missing();
  if (lacking.length === 0) return namespace;
  const remedy = mayInstall
    ? ''
    : `; MCP_EGRESS_INSTALL_DOCKER=1 installs them (apt-get install ${PACKAGES.join(' ')})`;
  return { reason: `${lacking.join(', ')} not found${remedy}` };
}
