import { readFile } from 'node:fs/promises';
import { parse, YAMLError } from 'yaml';
import { z } from 'zod';
import type { DockerServerOptions } from '../docker';
import { printable } from '../gateway/log-line';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';

const texts = z.array(z.string());
const byName = z.record(z.string(), z.string());
const number = z.number().int().positive();

/** A server as a file describes it: the options of the planner. */
const SERVER = z.strictObject({
  image: z.string(),
  entrypoint: texts.optional(),
  command: texts.optional(),
  environment: byName.optional(),
  secrets: byName.optional(),
  port: number.optional(),
  hostPort: number.optional(),
  user: z.string().optional(),
  readOnly: z.boolean().optional(),
  writablePaths: texts.optional(),
  volumes: byName.optional(),
  memoryMiB: number.optional(),
  pidsLimit: number.optional(),
}) satisfies z.ZodType<DockerServerOptions>;

const FILE = z.strictObject({ servers: z.record(z.string(), SERVER) });

/**
 * Reads the MCP servers for a compose file: `servers:`, and below it the options of each by the name of its workload.
 * @throws {CliError} (usage) with everything that is wrong with the file
 */
export async function loadServers(file: string): Promise<Readonly<Record<string, DockerServerOptions>>> {
  const result = FILE.safeParse(await readYaml(file));
  if (result.success) return result.data.servers;
  const lines = result.error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || 'the file'}: ${message}`,
  );
  throw new CliError(lines.map((line) => printable(`${file}: ${line}`)).join('\n'), EXIT.usage);
}

async function readYaml(file: string): Promise<unknown> {
  try {
    return parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof YAMLError) throw new CliError(printable(`${file}: ${error.message}`), EXIT.usage);
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new CliError(`the file ${printable(file)} of --servers cannot be read: ${code}.`, EXIT.usage);
  }
}
