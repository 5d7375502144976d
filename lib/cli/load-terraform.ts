import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { printable } from '../gateway/log-line';
import type { TerraformDocument } from '../proof';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';

/** The file that `cdktf synth` writes for each stack. */
const STACK_FILE = 'cdk.tf.json';

/**
 * Reads Terraform JSON. A folder stands for the stacks in it: `cdktf.out`, or the folder of one stack.
 * @throws {CliError} with everything that cannot be read
 */
export function loadTerraform(paths: readonly string[]): TerraformDocument[] {
  const problems: string[] = [];
  const files = paths.flatMap((path) => filesOf(path, problems));
  problems.push(...files.flatMap((file) => besides(file, files)));
  const documents = files.flatMap((file) => read(file, problems) ?? []);
  if (problems.length > 0) throw new CliError(problems.join('\n'), EXIT.usage);
  return documents;
}

function filesOf(path: string, problems: string[]): string[] {
  if (!existsSync(path)) {
    problems.push(
      `${name(path)} is not there; give a cdk.tf.json, a cdktf.out folder, or a file with the output of terraform show -json`,
    );
    return [];
  }
  if (!statSync(path).isDirectory()) return [path];
  const own = join(path, STACK_FILE);
  if (existsSync(own)) return [own];
  const stacks = join(path, 'stacks');
  const files = existsSync(stacks)
    ? readdirSync(stacks)
        .sort()
        .map((stack) => join(stacks, stack, STACK_FILE))
        .filter((file) => existsSync(file))
    : [];
  if (files.length === 0)
    problems.push(`${name(path)} holds no stacks/*/${STACK_FILE}; run cdktf synth first, or give the files themselves`);
  return files;
}

/** Terraform reads every `.tf` and `.tf.json` of a folder (Terraform, "Files and Configuration Structure"). */
function besides(file: string, given: readonly string[]): string[] {
  const folder = dirname(file);
  const isGiven = (path: string): boolean => given.some((each) => normalize(each) === normalize(path));
  if (basename(file) !== STACK_FILE || !existsSync(file)) return [];
  return readdirSync(folder)
    .filter((each) => /\.(tf|tofu)(\.json)?$/.test(each) && !isGiven(join(folder, each)))
    .sort()
    .map(
      (each) =>
        `${name(join(folder, each))} stands beside ${STACK_FILE}, and Terraform reads it as well; give the output of terraform show -json, which holds both`,
    );
}

function read(file: string, problems: string[]): TerraformDocument | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return { name: file, text, json: JSON.parse(text) as unknown };
  } catch (error) {
    const what =
      error instanceof SyntaxError
        ? 'is not JSON; for a plan file write terraform show -json PLAN > plan.json first'
        : `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`;
    problems.push(`${name(file)} ${what}`);
    return undefined;
  }
}

function name(path: string): string {
  return printable(JSON.stringify(path));
}
