import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../envoy/template';

/** The scripts of `container-scripts/` that a container starts with. */
export type ContainerScript = 'sync-config' | 'run-envoy' | 'envoy-healthy' | 'canary';

/** `publication=$(cat "${0%/*}/publication.awk")`: a program that stands beside the script. */
const BESIDE = /^(\w+)=\$\(cat "\$\{0%\/\*\}\/([\w.-]+)"\)$/gm;

/** The folder of the scripts, from source, `dist` or an installed package. */
export function scriptFolder(from: string = __dirname): string {
  return packageFolder('container-scripts', 'sync-config.sh', from);
}

/**
 * A container's script as one text for `sh -c` (`bash -c` for `envoy-healthy`), which needs no file: programs that it reads from files
 * beside it stand in it, and comments do not, since a task definition has at most 64 KiB.
 */
export function containerScript(name: ContainerScript): string {
  return withoutComments(readScript(`${name}.sh`)).replace(
    BESIDE,
    (_, variable: string, file: string) => `${variable}='${withoutComments(readScript(file))}'`,
  );
}

function readScript(file: string): string {
  return readFileSync(join(scriptFolder(), file), 'utf8');
}

/** Lines of comment and empty lines go. None of the scripts has text of several lines in which a line could begin with `#`. */
function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((each) => !/^\s*(#|$)/.test(each))
    .join('\n');
}
