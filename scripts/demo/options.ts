import { parseArgs } from 'node:util';
import { CliError } from '../../lib/cli/cli-error';
import { EXIT } from '../../lib/cli/exit-codes';

export interface DemoOptions {
  /** Leave the gateway running until Ctrl-C. */
  readonly keep: boolean;
  /** The port of the demo's workload. @default the one in egress.yaml */
  readonly port?: number;
  /** @default 9900 */
  readonly healthPort?: number;
  readonly help: boolean;
}

export const USAGE = `Usage: npm start -- [--keep] [--port N] [--health-port N]

Checks egress.yaml, runs the gateway with it and a stand-in for the approved service, and asks both with curl. Nothing
leaves this machine.

  --keep            leave it running until Ctrl-C, and show every decision
  --port N          listen on this port in place of the one in egress.yaml
  --health-port N   answer GET /healthz on this port in place of 9900`;

/** @throws CliError (usage) */
export function parseOptions(args: readonly string[]): DemoOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        keep: { type: 'boolean', default: false },
        port: { type: 'string' },
        'health-port': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const { keep = false, help = false } = values;
    return { keep, help, port: portOf(values.port), healthPort: portOf(values['health-port']) };
  } catch (error) {
    throw new CliError(`${(error as Error).message}\n\n${USAGE}`, EXIT.usage);
  }
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1024 && port <= 65_535) return port;
  throw new Error(`${JSON.stringify(text)} is not a port for this; write one from 1024 to 65535.`);
}
