import { looksSecret } from './looks-secret';

/** Options of `docker run` without a value; the short ones also joined, like `-it`. */
const FLAGS = new Set(
  (
    '--rm --init --interactive --tty --detach --privileged --read-only --publish-all --no-healthcheck --oom-kill-disable ' +
    '--sig-proxy --quiet'
  ).split(' '),
);
const SHORT_FLAGS = /^-[itdPq]+$/;

/** Options of `docker run` with a value (https://docs.docker.com/reference/cli/docker/container/run/). */
const VALUES = new Set(
  (
    '-e --env --env-file -v --volume --mount -p --publish --name --network --net --user -u -w --workdir --entrypoint --add-host ' +
    '--platform --pull --label -l --memory -m --cpus --tmpfs --security-opt --cap-add --cap-drop --ulimit --dns --hostname -h ' +
    '--gpus --device --pids-limit --shm-size --ipc --pid --log-driver --log-opt --restart --expose --volumes-from --userns'
  ).split(' '),
);
const JOINED = /^(?:--[a-z-]+=|-[evpuwlmh].)/;

/** An image reference without its digest (https://github.com/distribution/reference). */
const IMAGE = /^[a-z0-9][a-z0-9._-]*(?::\d+)?(?:\/[a-z0-9][a-z0-9._-]*)*(?::[\w.-]+)?$/i;

/**
 * The image of a `docker run`, `podman run` or `nerdctl run`.
 * @returns undefined where it is not that, or where an option is not known: what follows may be its value.
 */
export function launchedImage(program: string, args: readonly string[]): string | undefined {
  if (!['docker', 'podman', 'nerdctl'].includes(program)) return undefined;
  const words = args[0] === 'container' ? args.slice(1) : args;
  if (words[0] !== 'run') return undefined;
  for (let index = 1; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (VALUES.has(word)) index += 1;
    else if (!FLAGS.has(word) && !SHORT_FLAGS.test(word) && !JOINED.test(word)) return imageName(word);
  }
  return undefined;
}

/** An image reference as it may be shown: without its digest. */
export function imageName(text: string): string | undefined {
  const name = text.slice(0, 300).replace(/@sha256:[0-9a-f]{64}$/, '');
  return name.length <= 120 && IMAGE.test(name) && !looksSecret(name) ? name : undefined;
}
