import { type ExitCode } from './exit-codes';

/**
 * An error whose message is meant for the person at the terminal: what is wrong, the value, what is allowed, what to do.
 * The value must have gone through `printable` already.
 */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}
