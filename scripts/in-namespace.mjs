/**
 * Runs a command in a user, network and mount namespace of its own (Linux; no root needed where the kernel lets users make
 * namespaces): loopback is up and carries the addresses of test/traffic/support/addresses.json, every port is free and may be
 * bound, /etc/resolv.conf is support/resolv.conf, and there is no way out. Node built-ins only.
 *
 *   node scripts/in-namespace.mjs COMMAND [ARGS...]
 */
import { Buffer } from 'node:buffer';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { fromRoot } from './support/project.mjs';

const OWN_USER = ['--user', '--map-root-user', '--net', '--mount'];
/** Root in a container that may make network namespaces, but not user namespaces. */
const AS_ROOT = ['--net', '--mount'];

function unshareArgs(kinds, command) {
  const setup = fromRoot('scripts', 'support', 'namespace-setup.sh');
  const resolvConf = fromRoot('scripts', 'support', 'resolv.conf');
  const addresses = JSON.parse(readFileSync(fromRoot('test', 'traffic', 'support', 'addresses.json'), 'utf8'));
  return [...kinds, 'sh', setup, resolvConf, ...addresses, '--', ...command];
}

/** Why such a namespace cannot be made here, in the kernel's or the tool's own words; undefined if `kinds` will do. */
function refusal(kinds) {
  const { status, error, stderr } = spawnSync('unshare', unshareArgs(kinds, ['true']), { encoding: 'utf8' });
  if (error) return error.code === 'ENOENT' ? 'there is no unshare (util-linux)' : error.message;
  return status === 0 ? undefined : stderr.trim().split('\n')[0] || `unshare ended with exit code ${status}`;
}

/**
 * Tries it.
 * @param {string[]} [only] the kinds that will do; default: whatever works
 * @returns {{ kinds: string[] } | { reason: string }} what to hand to {@link runInNamespace}, or why there can be no namespace
 */
export function probeNamespace(only) {
  if (process.platform !== 'linux') return { reason: `${process.platform} has no network namespaces` };
  if (only !== undefined) {
    const why = refusal(only);
    return why === undefined ? { kinds: only } : { reason: why };
  }
  const reason = refusal(OWN_USER);
  if (reason === undefined) return { kinds: OWN_USER };
  if (process.getuid() === 0 && refusal(AS_ROOT) === undefined) return { kinds: AS_ROOT };
  return { reason };
}

/**
 * @param {string[]} kinds from {@link probeNamespace}
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} env MCP_EGRESS_NAMESPACE=1 is added
 * @param {{ quietUntilEnd?: boolean }} [options] print what the command printed when it has ended, as one piece
 * @returns {Promise<number>} the command's exit code, 128 + its number if a signal ended it
 */
export async function runInNamespace(kinds, command, env, { quietUntilEnd = false } = {}) {
  const stdio = quietUntilEnd ? ['inherit', 'pipe', 'pipe'] : 'inherit';
  const child = spawn('unshare', unshareArgs(kinds, command), {
    stdio,
    env: { ...env, MCP_EGRESS_NAMESPACE: '1' },
  });
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => printed.push(chunk));
  // Not `exit`: the last words may come after it.
  const [code, signal] = await once(child, 'close');
  process.stderr.write(Buffer.concat(printed));
  return code ?? 128 + constants.signals[signal];
}

async function main(command) {
  if (command.length === 0) {
    console.error('usage: node scripts/in-namespace.mjs COMMAND [ARGS...]');
    return 2;
  }
  const probe = probeNamespace();
  if ('kinds' in probe) return runInNamespace(probe.kinds, command, process.env);
  console.error(`no network namespace: ${probe.reason}`);
  return 2;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}
