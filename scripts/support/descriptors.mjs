/** Open files: the fault tests need more of them than most shells give to a process. Node built-ins only. */
import { spawnSync } from 'node:child_process';
import { SetupError } from '../ensure-installed.mjs';

/** For 10,000 tunnels: Envoy has two sockets for each one that has reached its server, and some hundred files of its own. */
const NEEDED = 20_000;

/** One limit of this process and its children; `Infinity` for none. */
function limit(kind) {
  const { stdout } = spawnSync('sh', ['-c', `ulimit ${kind} -n`], { encoding: 'utf8' });
  const text = stdout.trim();
  return text === 'unlimited' ? Infinity : Number(text);
}

/**
 * The command, with a soft limit of what is needed, which a process may raise up to its hard one.
 * @param {string[]} command
 * @returns {string[]}
 * @throws {SetupError} where the hard limit does not allow that, with what to do
 */
export function withDescriptors(command, needed = NEEDED) {
  const [soft, hard] = [limit('-S'), limit('-H')];
  if (soft >= needed) return command;
  if (hard >= needed) return ['sh', '-c', `ulimit -S -n ${needed} && exec "$@"`, 'sh', ...command];
  throw new SetupError(
    `${needed} open files are needed (ulimit -n), and this process may have ${hard}. Raise the hard limit: \`ulimit -n ${needed}\` as root ` +
      'before this command, "nofile" in /etc/security/limits.conf, LimitNOFILE= of a systemd unit, or `docker run --ulimit nofile=…`.',
  );
}
