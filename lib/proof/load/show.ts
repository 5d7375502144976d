import { isObject, Ref, Unknown, type Value } from '../value/value';
import { ModuleConfiguration } from './configuration';
import type { TerraformDocument } from './document';
import type { Loaded } from './documents';
import { isJson, json, jsonList, type Json } from './json';
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
  const unknown = new Map<string, unknown>();
  for (const change of jsonList(root.resource_changes).map(json))
    unknown.set(String(change.address), json(change.change).after_unknown);
  const states = [json(root.prior_state).values, root.values, root.planned_values];
  states.forEach((values, order) => {
    for (const [module, block] of resourcesOf(json(json(values).root_module), [])) {
      // The state before a plan holds resources that the plan takes away; its data sources have been read.
      if (order === 0 && block.mode !== 'data') continue;
      const address = String(block.address);
      // An object that Terraform has still to delete stands beside the one that took its place (`deposed_key`).
      const name = typeof block.deposed_key === 'string' ? `${address} (deposed ${block.deposed_key})` : address;
      index.set(name, makeResource(document, block, configuration.at(module), unknown.get(address)));
    }
  });
  return {
    document,
    resources: [...index.values()],
    modules: isIncomplete(root) ? ['what an incomplete plan leaves out'] : [],
    output: (name) => outputOf(json(json(root.planned_values ?? root.values).outputs)[name]),
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
  unknown: unknown,
): Resource {
  const values = json(block.values);
  const known = json(unknown);
  const type = String(block.type);
  const expressions = configuration?.expressions(block.mode === 'data' ? 'data' : 'managed', type, String(block.name));
  // Without it nobody can tell what was left out from what is not known yet.
  const written = configuration?.knows(block.mode === 'data' ? 'data' : 'managed', type, String(block.name))
    ? configuration
    : undefined;
  return new Resource({
    address: String(block.address),
    document: document.name,
    mode: block.mode === 'data' ? 'data' : 'managed',
    type,
    provisioned: configuration?.isProvisioned(type, String(block.name)) ?? false,
    keys: [...new Set([...Object.keys(values), ...Object.keys(known)])],
    read: (key) => {
      // With the tags of the provider.
      const name = key === 'tags' && (isJson(values.tags_all) || known.tags_all === true) ? 'tags_all' : key;
      if (name === 'tags_all' && known.tags_all === true) return new Unknown(name, 'is known only after apply');
      return merge(name, values[name], known[name], json(expressions)[key], written);
    },
  });
}

/** A planned value, with what is not known yet taken from the configuration. */
function merge(
  key: string,
  value: unknown,
  unknown: unknown,
  expression: unknown,
  configuration: ModuleConfiguration | undefined,
): Value | undefined {
  if (unknown === true)
    return !configuration
      ? new Unknown(key, 'is known only after apply, and the plan does not show how it is written')
      : expression === undefined
        ? undefined
        : configuration.resolve(key, expression);
  if (Array.isArray(unknown) && unknown.length > 0 && unknown.every((each) => each === true) && isJson(expression)) {
    const all = configuration?.resolve(key, expression) ?? null;
    return Array.isArray(all) && all.length !== unknown.length ? new Unknown(key, 'is known only after apply') : all;
  }
  if (Array.isArray(value) || Array.isArray(unknown)) {
    const [values, flags] = [jsonList(value), jsonList(unknown)];
    return Array.from({ length: Math.max(values.length, flags.length) }, (_, at) => {
      const block = blockExpression(expression, values[at]);
      return merge(key, values[at], flags[at], block, configuration) ?? missing(key, flags[at]);
    });
  }
  if (isJson(value) || isJson(unknown)) {
    const [object, flags] = [json(value), json(unknown)];
    const names = [...new Set([...Object.keys(object), ...Object.keys(flags)])];
    const entries = names.map((name) => {
      const inner = merge(name, object[name], flags[name], json(expression)[name], configuration);
      return [name, inner ?? missing(name, flags[name])] as const;
    });
    return Object.fromEntries(entries);
  }
  return value === undefined ? undefined : (value as Value);
}

function missing(key: string, flag: unknown): Value {
  return flag === true ? new Unknown(key, 'is known only after apply') : null;
}

/** The one block of the configuration whose constants fit the values; sets stand there in another order. */
function blockExpression(expression: unknown, value: unknown): unknown {
  if (!Array.isArray(expression)) return expression;
  const fitting = (expression as unknown[]).filter((block) =>
    Object.entries(json(block)).every(([key, each]) => {
      const { constant_value: constant, references } = json(each);
      return (
        constant === undefined ||
        references !== undefined ||
        JSON.stringify(constant) === JSON.stringify(json(value)[key])
      );
    }),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
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
