import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appsUnderTest, synthesize, type AppUnderTest } from '../../terraform/support/stacks';
import type { Block, Stack } from './sealed';

/** The stacks of an app, by name, open to changes. */
export type Stacks = Record<string, Stack>;

/** The names of main.ts and of the examples. */
export const APPS = appsUnderTest().map(({ name }) => name);

async function textOf(app: AppUnderTest): Promise<readonly [string, string]> {
  const folder = mkdtempSync(join(tmpdir(), 'proof-'));
  try {
    const { stacks } = await synthesize(app, folder);
    const entries = stacks.map(({ name, file }) => [name, JSON.parse(readFileSync(file, 'utf8'))]);
    return [app.name, JSON.stringify(Object.fromEntries(entries))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Synthesizes every app; each call of what it gives is a new copy of an app's stacks, in the order in which they are applied. */
export async function synthesizeApps(): Promise<(app: string) => Stacks> {
  const texts = new Map(await Promise.all(appsUnderTest().map(textOf)));
  return (app) => JSON.parse(texts.get(app) ?? '') as Stacks;
}

/** The documents of stacks, as `proveSealed` takes them. */
export function documentsOf(stacks: Stacks): { name: string; json: unknown }[] {
  return Object.entries(stacks).map(([name, json]) => ({ name, json }));
}

/** A resource and the stack in which it stands. */
export interface Found {
  readonly stack: Stack;
  readonly name: string;
  readonly block: Block;
}

/** All resources of a type. */
export function all(stacks: Stacks, type: string): Found[] {
  return Object.values(stacks).flatMap((stack) =>
    Object.entries(stack.resource?.[type] ?? {}).map(([name, block]) => ({ stack, name, block })),
  );
}

/** Security groups with a role. */
export function groupsOf(stacks: Stacks, role: string): Found[] {
  return all(stacks, 'aws_security_group').filter(
    ({ block }) => (block.tags as Block | undefined)?.['mcp-egress:role'] === role,
  );
}

/** Services whose security group is one of some. */
export function servicesOf(stacks: Stacks, groups: readonly Found[]): Found[] {
  return all(stacks, 'aws_ecs_service').filter(({ stack, block }) =>
    groups.some(
      (group) => group.stack === stack && JSON.stringify(block).includes(`aws_security_group.${group.name}.id`),
    ),
  );
}

/** What a reference names, in its own stack or by an output of another one. */
export function follow(stacks: Stacks, from: Stack, reference: unknown): Found | undefined {
  const text = String(reference);
  const [, output] = /^\$\{data\.terraform_remote_state\.[^.]+\.outputs\.([^.}]+)\}$/.exec(text) ?? [];
  if (output !== undefined) {
    for (const stack of Object.values(stacks)) {
      const value = (stack.output as Record<string, Block> | undefined)?.[output]?.value;
      if (value !== undefined) return follow(stacks, stack, value);
    }
    return undefined;
  }
  const [, type = '', name = ''] = /^\$\{([\w-]+)\.([\w-]+)\.\w+\}$/.exec(text) ?? [];
  const block = from.resource[type]?.[name];
  return block && { stack: from, name, block };
}

/** The subnets in which services stand. */
export function subnetsOf(stacks: Stacks, services: readonly Found[]): Found[] {
  const found = services.flatMap(({ stack, block }) => {
    const { subnets } = block.network_configuration as { subnets: unknown[] };
    return subnets.flatMap((each) => follow(stacks, stack, each) ?? []);
  });
  return [...new Map(found.map((each) => [each.block, each])).values()];
}
