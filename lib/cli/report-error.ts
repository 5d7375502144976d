import { CommanderError } from 'commander';
import { CliError } from './cli-error';
import { EXIT, type ExitCode } from './exit-codes';
import { packageInfo } from './package-info';
import { printableLines } from './printable-lines';
import { colorsOf, progress } from './terminal';

/**
 * The errors whose message says what to do, and the answer that each one is. By name, because the modules that
 * define them are loaded only by the commands that need them.
 */
const EXPECTED: Readonly<Record<string, ExitCode>> = {
  PolicyError: EXIT.no,
  PolicyFileError: EXIT.usage,
  RequestError: EXIT.usage,
  ImportError: EXIT.usage,
  CloudWatchError: EXIT.usage,
  LearnError: EXIT.usage,
  CompileOptionError: EXIT.usage,
  EnvoyNotFoundError: EXIT.usage,
  PortTakenError: EXIT.usage,
  EnvoyStartError: EXIT.no,
};

/** Says on standard error what went wrong, without a stack trace, and returns the exit code. */
export function reportError(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.yes : EXIT.usage; // it has said so itself
  const exitCode = error instanceof CliError ? error.exitCode : EXPECTED[nameOf(error)];
  if (exitCode === undefined) {
    reportBug(error);
    return EXIT.bug;
  }
  const { red } = colorsOf(process.stderr);
  progress(`${red('error:')} ${printableLines((error as Error).message)}`);
  return exitCode;
}

function reportBug(error: unknown): void {
  const { name, version, bugs } = packageInfo();
  const message = error instanceof Error ? error.message : String(error);
  progress(`this is a bug in ${name}, not in your input: ${printableLines(message)}`);
  progress(`Please report it${bugs?.url ? ` at ${bugs.url}` : ''} with the command line and these versions:`);
  progress(`${name} ${version}, Node ${process.version}, ${process.platform} ${process.arch}`);
  if (process.env['DEBUG'] === 'mcp-egress') progress(printableLines((error as Error)?.stack ?? 'no stack'));
  else progress('DEBUG=mcp-egress in the environment shows where it happened.');
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
