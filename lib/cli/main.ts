#!/usr/bin/env node
import { createProgram } from './program';
import { reportError } from './report-error';
import { endQuietlyOnBrokenPipe } from './terminal';

endQuietlyOnBrokenPipe();
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => process.exit(reportError(error)));
}
createProgram()
  .parseAsync(process.argv)
  .catch((error: unknown) => {
    process.exitCode = reportError(error);
  });
