import { evaluate } from '../resolve/evaluate';
import type { Scope } from '../resolve/scope';
import { Ref, Unknown, type Value } from '../value/value';
import { isJson, json, jsonList, own, type Json } from './json';
import type { Resource } from './resource';

/** Attributes whose expression is a reference and no text made of one. */
const REFERS =
  /(_ids?|_arns?|_list|subnets|security_groups|task_definition|vpc|instance|network_interface|vpc_zone_identifier|^id|service_name|^version)$/;

/**
 * One module of a plan's `configuration`: expressions are there as the names that they refer to, without what is done with them, so only what
 * can mean one thing is followed.
 */
export class ModuleConfiguration {
  private resources?: ReadonlyMap<string, Json>;
  private readonly children = new Map<string, ModuleConfiguration | undefined>();

  private constructor(
    private readonly module: Json,
    private readonly path: readonly string[],
    private readonly find: (address: string) => Resource | undefined,
    private readonly parent?: ModuleConfiguration,
    private readonly call: Json = {},
  ) {}

  static root(configuration: Json, find: (address: string) => Resource | undefined): ModuleConfiguration {
    return new ModuleConfiguration(json(configuration.root_module), [], find);
  }

  /** The module at a path of module names. */
  at(path: readonly string[]): ModuleConfiguration | undefined {
    return path.reduce<ModuleConfiguration | undefined>((at, name) => at?.child(name), this);
  }

  /** The expressions of a resource's attributes. */
  expressions(mode: string, type: string, name: string): unknown {
    return this.resource(mode, type, name)?.expressions;
  }

  /** Whether a resource is written here. */
  knows(mode: string, type: string, name: string): boolean {
    return this.resource(mode, type, name) !== undefined;
  }

  /** Whether a resource runs programs when it is made. */
  isProvisioned(type: string, name: string): boolean {
    return this.resource('managed', type, name)?.provisioners !== undefined;
  }

  /** What an expression refers to; unknown where that may be several things. */
  resolve(key: string, expression: unknown): Value {
    const names = jsonList(json(expression).references).map(String);
    const source = json(expression).constant_value;
    // Of a configuration in JSON syntax Terraform shows the text itself, references and all.
    if (names.length > 0 && source !== undefined) return evaluate(source, this.scope);
    const exact = names.filter(
      (name) =>
        !names.some((other) => other !== name && /^[.[]/.test(other.slice(name.length)) && other.startsWith(name)),
    );
    const unknown = new Unknown(names.join(', ') || key, 'is known only after apply');
    if (!REFERS.test(key) || exact.length === 0) return unknown;
    const values = exact.map((name) => this.follow(key, name) ?? unknown);
    return values.length === 1 ? (values[0] as Value) : /s$|identifier$/.test(key) ? values : unknown;
  }

  private get scope(): Scope {
    return {
      resource: (address) => this.find(this.inModule(address)),
      local: () => undefined,
      remoteOutput: () => undefined,
    };
  }

  private inModule(address: string): string {
    return [...this.path.map((each) => `module.${each}`), address].join('.');
  }

  private resource(mode: string, type: string, name: string): Json | undefined {
    this.resources ??= new Map(
      jsonList(this.module.resources)
        .map(json)
        .map((each) => [`${String(each.mode)} ${String(each.type)} ${String(each.name)}`, each]),
    );
    return this.resources.get(`${mode} ${type} ${name}`);
  }

  private child(name: string): ModuleConfiguration | undefined {
    if (!this.children.has(name)) this.children.set(name, this.makeChild(name));
    return this.children.get(name);
  }

  private makeChild(name: string): ModuleConfiguration | undefined {
    const call = json(own(this.module.module_calls, name));
    // An instance of a repeated module has a number in its address, which the names here do not have.
    if (!isJson(call.module) || 'count_expression' in call || 'for_each_expression' in call) return undefined;
    return new ModuleConfiguration(call.module, [...this.path, name], this.find, this, call);
  }

  private follow(key: string, name: string): Value | undefined {
    const [, variable] = /^var\.([\w-]+)$/.exec(name) ?? [];
    if (variable !== undefined) return this.parent?.resolve(key, own(this.call.expressions, variable));
    const [, module = '', output] = /^module\.([\w-]+)\.([\w-]+)$/.exec(name) ?? [];
    if (output !== undefined) return this.child(module)?.output(key, output);
    const [, address, attribute] = /^((?:data\.)?[\w-]+\.[\w-]+(?:\[[^\]]*\])?)\.([\w-]+)$/.exec(name) ?? [];
    if (address === undefined || attribute === undefined) return undefined;
    const resource = this.find(this.inModule(address));
    if (!resource) return undefined;
    return resource.get(attribute) ?? new Ref(resource, attribute);
  }

  private output(key: string, name: string): Value {
    return this.resolve(key, json(own(this.module.outputs, name)).expression);
  }
}
