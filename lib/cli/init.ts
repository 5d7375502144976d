import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { printable } from '../gateway/log-line';
import { CliError } from './cli-error';
import { EXIT, type ExitCode } from './exit-codes';
import { STARTER_POLICY } from './starter-policy';
import { print, progress } from './terminal';

export interface InitOptions {
  /** The file to write; `-` is standard output. */
  readonly policy: string;
  readonly force?: boolean;
}

/** Writes the starter policy, and never over a file that somebody wrote. */
export function init({ policy: file, force = false }: InitOptions): ExitCode {
  if (file === '-') {
    process.stdout.write(STARTER_POLICY);
    return EXIT.yes;
  }
  const replaced = existsSync(file);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, STARTER_POLICY, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    throw writeError(file, error as NodeJS.ErrnoException);
  }
  print(`${replaced ? 'replaced' : 'wrote'} ${printable(file)}`);
  progress(`Next: name in it what may leave, then ${commandLine('check', file)} and ${commandLine('run', file)}.`);
  return EXIT.yes;
}

function writeError(file: string, error: NodeJS.ErrnoException): CliError {
  if (error.code === 'EEXIST' && error.syscall === 'open') {
    return new CliError(`${printable(file)} exists and was left alone; --force replaces it.`, EXIT.usage);
  }
  return new CliError(`${printable(file)} cannot be written: ${error.code ?? error.message}.`, EXIT.usage);
}

function commandLine(command: string, file: string): string {
  return file === 'egress.yaml' ? `\`mcp-egress ${command}\`` : `\`mcp-egress ${command} --policy ${printable(file)}\``;
}
