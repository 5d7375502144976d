import { evaluate } from '../resolve/evaluate';
import type { Scope } from '../resolve/scope';
import { Unknown, type Value } from '../value/value';
import { readDefaultTags, withTags, type DefaultTags } from './default-tags';
import type { TerraformDocument } from './document';
import type { FindOutput, Loaded } from './documents';
import { gapsOfSynth } from './gaps';
import { ignoredBy } from './ignored';
import { isJson, json, jsonList, type Json } from './json';
import { readsState } from './remote-state';
import { Resource } from './resource';

/** Keys of a block that are no attributes of the resource. */
const META = new Set([
  '//',
  'count',
  'for_each',
  'provider',
  'depends_on',
  'lifecycle',
  'provisioner',
  'connection',
  'dynamic',
]);

/** Reads a document in Terraform's JSON configuration syntax: what `cdktf synth` writes. */
export function loadSynth(document: TerraformDocument, find: FindOutput): Loaded {
  const root = json(document.json);
  const resources = new Map<string, Resource>();
  const locals = Object.assign({}, ...jsonList(root.locals).map(json)) as Json;
  const remoteStates = merged(jsonList(root.data).flatMap((each) => jsonList(json(each).terraform_remote_state)));
  const scope: Scope = {
    resource: (address) => resources.get(address),
    local: once((name) => (Object.hasOwn(locals, name) ? evaluate(locals[name], scope) : undefined)),
    remoteOutput: (name, output) => find(name, json(jsonList(remoteStates[name])[0]), output),
  };
  const defaults = readDefaultTags(root, scope);
  for (const [mode, key] of [
    ['managed', 'resource'],
    ['data', 'data'],
  ] as const) {
    for (const [type, name, block] of blocksOf(root[key])) {
      if (isNever(block) || type === 'terraform_remote_state') continue;
      const made = makeResource({ document, mode, type, name, block, scope, defaults });
      resources.set(made.address, made);
    }
  }
  const outputs = merged(jsonList(root.output));
  return {
    document,
    resources: [...resources.values()],
    modules: Object.keys(merged(jsonList(root.module))).map((name) => `module.${name}`),
    gaps: gapsOfSynth(root),
    output: once((name) =>
      Object.hasOwn(outputs, name) ? evaluate(json(jsonList(outputs[name])[0]).value, scope) : undefined,
    ),
    isReadBy: (remoteState, block) => readsState(root, remoteState, block),
  };
}

/** Blocks that JSON syntax may spread over a list of objects. */
function merged(objects: readonly unknown[]): Json {
  return Object.fromEntries(objects.flatMap((each) => Object.entries(json(each))));
}

interface Block {
  readonly document: TerraformDocument;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly block: Json;
  readonly scope: Scope;
  readonly defaults: DefaultTags;
}

function makeResource({ document, mode, type, name, block, scope, defaults }: Block): Resource {
  const provider = typeof block.provider === 'string' ? block.provider.replace(/^\$\{(.*)\}$/, '$1') : 'aws';
  const dynamic = new Set(jsonList(block.dynamic).flatMap((each) => Object.keys(json(each))));
  const path = json(json(block['//']).metadata).path;
  const keys = Object.keys(block).filter((key) => !META.has(key));
  const ignored = ignoredBy(block);
  return new Resource({
    address: mode === 'data' ? `data.${type}.${name}` : `${type}.${name}`,
    document: document.name,
    mode,
    type,
    repeated: isRepeated(block),
    provisioned: 'provisioner' in block,
    frozen: ignored.all,
    keys: [...new Set([...keys, ...dynamic, ...ignored.keys, ...(defaults(provider) === undefined ? [] : ['tags'])])],
    constructPath: typeof path === 'string' ? path : undefined,
    read: (key) => {
      if (dynamic.has(key)) return new Unknown(key, 'is a dynamic block, which is not evaluated');
      if (ignored.keys.has(key)) return new Unknown(key, 'stays as it was made (ignore_changes)');
      const own = Object.hasOwn(block, key) && !META.has(key) ? evaluate(block[key], scope) : undefined;
      return key === 'tags' && mode === 'managed' ? tagsOf(defaults(provider), own) : own;
    },
  });
}

function tagsOf(defaults: Value | undefined, own: Value | undefined): Value | undefined {
  return defaults === undefined ? own : withTags(defaults, own);
}

/** `resource` and `data` as type, name and block. JSON syntax lets lists stand for objects (Terraform, "JSON Configuration Syntax"). */
function blocksOf(section: unknown): (readonly [string, string, Json])[] {
  const entries = (value: unknown): [string, unknown][] =>
    jsonList(value).flatMap((each) => Object.entries(json(each)));
  return entries(section)
    .filter(([type]) => type !== '//')
    .flatMap(([type, named]) =>
      entries(named)
        .filter(([name]) => name !== '//')
        .flatMap(([name, block]) =>
          jsonList(block)
            .filter(isJson)
            .map((each) => [type, name, each] as const),
        ),
    );
}

/** OpenTofu makes a resource or not by `enabled` ("The lifecycle Meta-Argument"). */
function isRepeated(block: Json): boolean {
  const isSwitched = jsonList(block.lifecycle).some((each) => ![undefined, true].includes(json(each).enabled as true));
  return ('count' in block && block.count !== 1) || 'for_each' in block || isSwitched;
}

function isNever(block: Json): boolean {
  return block.count === 0;
}

function once(read: (name: string) => Value | undefined): (name: string) => Value | undefined {
  const known = new Map<string, Value | undefined>();
  return (name) => {
    if (!known.has(name)) {
      known.set(name, undefined); // a circle ends here
      known.set(name, read(name));
    }
    return known.get(name);
  };
}
