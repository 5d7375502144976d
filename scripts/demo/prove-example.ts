import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { loadTerraform } from '../../lib/cli/load-terraform';
import { print } from '../../lib/cli/terminal';
import type { Mode } from '../../lib/policy';
import { proofText, proveSealed } from '../../lib/proof';

const MAIN = join(__dirname, '..', '..', 'main.ts');

/**
 * Synthesizes `main.ts`, the same policy as a deployment on AWS, and proves it: nothing of AWS is asked.
 * @param mode of the policy: in `observe` there is nothing to prove
 * @param folder where the Terraform goes
 * @returns whether it is as it should be
 */
export async function proveExample(mode: Mode, folder: string): Promise<boolean> {
  if (mode === 'observe') {
    print('\nNothing to prove for AWS: in mode observe what the policy does not allow passes.');
    return true;
  }
  print('\n$ cdktf synth && mcp-egress prove cdktf.out      # the same policy on AWS: main.ts');
  const env = { ...process.env, CDKTF_OUTDIR: folder };
  // cdktf itself uses what newer versions of Node call deprecated.
  const args = ['--no-deprecation', '--import', require.resolve('tsx'), MAIN];
  const [code] = (await once(spawn(process.execPath, args, { env, stdio: ['ignore', 2, 2] }), 'exit')) as [
    number | null,
  ];
  if (code !== 0) return false;
  const proof = proveSealed(loadTerraform([folder]));
  const lines = proofText(proof).split('\n');
  // The rest is what it takes on trust; docs/security-model.md has it.
  const shown = proof.verdict === 'sealed' ? lines.slice(0, lines.indexOf('on trust:')) : lines;
  for (const line of shown) print(`  ${line}`.trimEnd());
  return proof.verdict === 'sealed';
}
