import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importPolicy, type ImportedPolicy } from '../../../../lib/import/import-policy';
import { type SourceFile } from '../../../../lib/import/source';
import { EgressPolicy } from '../../../../lib/policy/policy';

const FOLDER = join(__dirname, '../fixtures');

/** The names of all example files. */
export const FIXTURES = readdirSync(FOLDER).sort();

export function fixturePath(name: string): string {
  return join(FOLDER, name);
}

/** An example file, under a name without a folder. */
export function fixture(name: string): SourceFile {
  return { file: name, text: readFileSync(fixturePath(name), 'utf8') };
}

/** A list of servers in the form of Claude Desktop. */
export function servers(mcpServers: unknown, file = 'claude_desktop_config.json'): SourceFile {
  return { file, text: JSON.stringify({ mcpServers }) };
}

/** Each workload with its rules, as `host:port protocol`. */
export function rulesOf({ policy }: ImportedPolicy): Record<string, string[]> {
  const entries = policy.workloads.map(({ name, rules }) => [
    name,
    rules.flatMap(({ hosts, ports, protocol }) =>
      hosts.flatMap((host) => ports.map((port) => `${host}:${port} ${protocol}`)),
    ),
  ]);
  return Object.fromEntries(entries) as Record<string, string[]>;
}

export function importFixture(...names: string[]): ImportedPolicy {
  return importPolicy(names.map(fixture));
}

/** The text with the rules that are comments made real. */
export function uncommented(text: string): string {
  return text.replace(/^( +)# ((?:- host:| {2}[a-z]+:).*)$/gm, '$1$2');
}

/** How many rules a text holds once its comments are real. */
export function rulesWhenUncommented(text: string): number {
  const { workloads } = EgressPolicy.fromYaml(uncommented(text));
  return workloads.reduce((sum, { rules }) => sum + rules.length, 0);
}
