import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeInNamespace, inNamespace } from './namespace';

const MODULE = join(__dirname, '../../../scripts/support/python-tools.mjs');

/** The folder of `aws` and `moto_server`: what `npm test` has prepared, else what is to be had here. */
function pythonBin(): string {
  if (process.env.MCP_EGRESS_PYTHON_BIN) return process.env.MCP_EGRESS_PYTHON_BIN;
  const code = `import { ensurePythonTools } from ${JSON.stringify(pathToFileURL(MODULE).href)}; console.log(await ensurePythonTools(() => {}));`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();
}

/** {@link describeInNamespace} for what needs Python's tools as well; where they cannot be had, the reason is recorded. */
export function describeWithPythonTools(name: string, tests: (bin: string) => void): void {
  if (!inNamespace) return describeInNamespace(name, () => tests(''));
  let bin: string;
  try {
    bin = pythonBin();
  } catch (error) {
    const reason = `needs the tools of test/python (${(error as Error).message.split('\n').find((line) => line.includes('Error:')) ?? 'not to be had'})`;
    const file = process.env.MCP_EGRESS_SKIPS;
    if (file !== undefined) appendFileSync(file, `${JSON.stringify({ group: name, reason })}\n`);
    return describe.skip(`${name} (${reason})`, () => tests(''));
  }
  describe(name, () => tests(bin));
}
