import { isObject, Ref, Unknown, type Value } from '../value/value';
import { ModuleConfiguration } from './configuration';
import type { TerraformDocument } from './document';
import type { Loaded } from './documents';
import { gapsOfPlan } from './gaps';
import { isJson, json, jsonList, own, type Json } from './json';
import { isLeftOut } from './left-out';
import { plannedValue } from './planned-value';
import { Resource } from './resource';

/** Resources of a document by address, for the references between them. */
type Index = Map<string, Resource>;

/**
 * Reads what `terraform show -json` prints of a plan or a state (Terraform, "JSON Output Format"). Values are literals there; what a plan
 * does not know yet is followed by the references of its configuration.
 */
export function loadShow(document: TerraformDocument): Loaded {
  const root = json(document.json);
  const index: Index = new Map();
  const configuration = ModuleConfiguration.root(json(root.configuration), (address) => referenced(index, address));
  const changes = new Map<string, Json>();
  // A deposed object has the address of the one that took its place, and an entry of its own.
  for (const each of jsonList(root.resource_changes).map(json))
    if (each.deposed === undefined) changes.set(String(each.address), json(each.change));
  const states = [json(root.prior_state).values, root.values, root.planned_values];
  states.forEach((values, order) => {
    for (const [module, block] of resourcesOf(json(json(values).root_module), [])) {
      // The state before a plan holds resources that the plan takes away; its data sources have been read.
      if (order === 0 && block.mode !== 'data') continue;
      const address = String(block.address);
      // An object that Terraform has still to delete stands beside the one that took its place (`deposed_key`).
      const name = typeof block.deposed_key === 'string' ? `${address} (deposed ${block.deposed_key})` : address;
      index.set(name, makeResource(document, block, configuration.at(module), json(changes.get(address))));
    }
  });
  return {
    document,
    resources: [...index.values()],
    modules: isIncomplete(root) ? ['what an incomplete plan leaves out'] : [],
    gaps: gapsOfPlan(root),
    output: (name) => outputOf(own(json(root.planned_values ?? root.values).outputs, name)),
    isReadBy: () => false,
  };
}

/** Whether a plan failed, or puts something off (Terraform, "JSON Output Format", `errored`, `complete`, `deferred_changes`). */
function isIncomplete(root: Json): boolean {
  return root.errored === true || root.complete === false || jsonList(root.deferred_changes).length > 0;
}

function* resourcesOf(module: Json, path: readonly string[]): Generator<readonly [readonly string[], Json]> {
  for (const block of jsonList(module.resources)) if (isJson(block)) yield [path, block];
  for (const child of jsonList(module.child_modules).map(json)) {
    const name = /(?:^|\.)module\.([^.[\]]+)(?:\[[^\]]*\])?$/.exec(String(child.address))?.[1] ?? '';
    yield* resourcesOf(child, [...path, name]);
  }
}

function makeResource(
  document: TerraformDocument,
  block: Json,
  configuration: ModuleConfiguration | undefined,
  change: Json,
): Resource {
  const values = json(block.values);
  const known = json(change.after_unknown);
  const type = String(block.type);
  const mode = block.mode === 'data' ? 'data' : 'managed';
  const expressions = json(configuration?.expressions(mode, type, String(block.name)));
  // Without it nobody can tell what was left out from what is not known yet.
  const written = configuration?.knows(mode, type, String(block.name)) ? configuration : undefined;
  return new Resource({
    address: String(block.address),
    document: document.name,
    mode,
    type,
    provisioned: configuration?.isProvisioned(type, String(block.name)) ?? false,
    keys: [...new Set([...Object.keys(values), ...Object.keys(known)])],
    read: (key) => {
      // With the tags of the provider.
      const name = key === 'tags' && (isJson(values.tags_all) || known.tags_all === true) ? 'tags_all' : key;
      if (name === 'tags_all' && known.tags_all === true) return new Unknown(name, 'is known only after apply');
      if (own(known, name) === true && written && isLeftOut({ type, key, expressions, change }))
        return new Unknown(key, 'is known only after apply, and may be a dynamic block, which a plan leaves out');
      return plannedValue(name, own(values, name), own(known, name), own(expressions, key), written);
    },
  });
}

/** `aws_subnet.a` also where it is the only instance: `aws_subnet.a[0]`. */
function referenced(index: Index, address: string): Resource | undefined {
  return index.get(address) ?? index.get(`${address}[0]`);
}

function outputOf(output: unknown): Value | undefined {
  const { value } = json(output);
  return value === undefined || value instanceof Ref || !isPlain(value as Value) ? undefined : (value as Value);
}

function isPlain(value: Value): boolean {
  return typeof value !== 'object' || value === null || Array.isArray(value) || isObject(value);
}
