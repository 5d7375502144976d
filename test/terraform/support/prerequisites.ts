import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { findProvider, type AwsProvider } from './provider';

/** What the tests of this folder need of the machine. */
export interface Tools {
  readonly provider: AwsProvider;
  /** The folder with `moto_server` and `checkov` (scripts/support/python-tools.mjs). */
  readonly pythonBin: string;
}

/** Why there is no folder of Python tools, where the run around us could not make one. */
function missingPython(): string | undefined {
  if (process.env.MCP_EGRESS_PYTHON_BIN) return undefined;
  return process.env.MCP_EGRESS_NO_PYTHON ?? 'MCP_EGRESS_PYTHON_BIN is not set; npm test -- --only terraform sets it';
}

function findTools(): Tools | string {
  const python = missingPython();
  if (python !== undefined) return python;
  const { error, status } = spawnSync('terraform', ['version'], { stdio: 'ignore' });
  if (error || status !== 0) return `terraform does not run (${error?.message ?? `exit code ${status}`})`;
  const provider = findProvider();
  if (typeof provider === 'string') return provider;
  return { provider, pythonBin: process.env.MCP_EGRESS_PYTHON_BIN ?? '' };
}

/** `describe.skip`, with the reason recorded for the run's last lines. */
function skip(group: string, reason: string): void {
  const file = process.env.MCP_EGRESS_SKIPS;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ group, reason })}\n`);
  describe.skip(`${group} (${reason})`, () => it('is not run here', () => undefined));
}

/** `describe` for what needs Terraform, the AWS provider and moto; elsewhere it is skipped. */
export function describeWithTerraform(group: string, tests: (tools: Tools) => void): void {
  const tools = findTools();
  if (typeof tools === 'string') return skip(group, tools);
  describe(group, () => tests(tools));
}

/** `describe` for what needs the Python tools alone; elsewhere it is skipped. */
export function describeWithPython(group: string, tests: (pythonBin: string) => void): void {
  const missing = missingPython();
  if (missing !== undefined) return skip(group, missing);
  describe(group, () => tests(process.env.MCP_EGRESS_PYTHON_BIN ?? ''));
}
