import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { printable } from '../gateway/log-line';
import { CliError } from './cli-error';
import { EXIT, type ExitCode } from './exit-codes';
import { importLists } from './import-lists';
import { STARTER_POLICY } from './starter-policy';
import { print, progress } from './terminal';

export interface InitOptions {
  /** The file to write; `-` is standard output. */
  readonly policy: string;
  /** Lists of MCP servers to write a skeleton from. @default the starter policy is written */
  readonly from?: readonly string[];
  readonly force?: boolean;
}

/** Writes the starter policy or one out of lists of servers, and never over a file that somebody wrote. */
export function init({ policy: file, from, force = false }: InitOptions): ExitCode {
  if (file === '-') {
    process.stdout.write(from ? importLists(from) : STARTER_POLICY);
    return EXIT.yes;
  }
  const replaced = existsSync(file);
  if (replaced && !force) throw existsError(file);
  const text = from ? importLists(from, file) : STARTER_POLICY;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    throw writeError(file, error as NodeJS.ErrnoException);
  }
  print(`${replaced ? 'replaced' : 'wrote'} ${printable(file)}`);
  progress(`Next: name in it what may leave, then ${commandLine('check', file)} and ${commandLine('run', file)}.`);
  return EXIT.yes;
}

function existsError(file: string): CliError {
  return new CliError(`${printable(file)} exists and was left alone; --force replaces it.`, EXIT.usage);
}

function writeError(file: string, error: NodeJS.ErrnoException): CliError {
  if (error.code === 'EEXIST' && error.syscall === 'open') return existsError(file);
  return new CliError(`${printable(file)} cannot be written: ${error.code ?? error.message}.`, EXIT.usage);
}

function commandLine(command: string, file: string): string {
  return file === 'egress.yaml' ? `\`mcp-egress ${command}\`` : `\`mcp-egress ${command} --policy ${printable(file)}\``;
}
