import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compile } from '../envoy/compile';
import { render as renderFiles } from '../envoy/render';
import { printable } from '../gateway/log-line';
import { isAnyAddress } from '../gateway/own-addresses';
import { writeAtomically } from '../gateway/write-atomically';
import { EXIT, type ExitCode } from './exit-codes';
import { loadPolicy } from './load-policy';
import { folderError, foreignFiles, refuseForeign, removeStaleRoutes } from './output-folder';
import { counted, policyWords } from './policy-words';
import { print, progress } from './terminal';

export interface RenderOptions {
  readonly policy?: readonly string[];
  /** The folder to write. */
  readonly out: string;
  /** Write although the folder holds files of others. */
  readonly force?: boolean;
  readonly bind?: string;
  readonly dns?: readonly string[];
  readonly healthPort?: number;
  readonly directory?: string;
  /** Addresses by which workloads and others reach the gateway. */
  readonly gatewayAddress?: readonly string[];
}

/** Envoy may watch the folder: what others refer to is there first (clusters, then routes, then listeners). */
const ORDER = ['clusters.yaml', 'routes/', 'listeners.yaml', 'envoy.yaml'];

/** Writes the compiled policy as the files that Envoy reads. */
export async function render(options: RenderOptions): Promise<ExitCode> {
  const { out, bind, dns, healthPort, directory, gatewayAddress: gatewayAddresses } = options;
  const policy = await loadPolicy(options.policy);
  const files = renderFiles(compile(policy, { bind, dns, healthPort, directory, gatewayAddresses }));
  const paths = [...files.keys()].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  try {
    if (!options.force) refuseForeign(out, await foreignFiles(out));
    for (const path of paths) {
      await mkdir(dirname(join(out, path)), { recursive: true });
      await writeAtomically(join(out, path), files.get(path) ?? '');
      print(printable(join(out, path)));
    }
    await removeStaleRoutes(out, paths);
  } catch (error) {
    throw folderError(out, error);
  }
  if ((bind === undefined || isAnyAddress(bind)) && !gatewayAddresses && policy.workloads.length > 1)
    progress(
      "warning: the gateway's own addresses are not known, so a rule with private, or a name that answers with them, could lead a workload to the port of another one; name each as --gateway-address.",
    );
  progress(`wrote ${counted(paths.length, 'file')} of the policy ${policy.hash.slice(0, 12)} (${policyWords(policy)})`);
  return EXIT.yes;
}

function rank(path: string): number {
  return ORDER.findIndex((first) => path.startsWith(first));
}
