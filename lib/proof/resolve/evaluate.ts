import { isJson, json, jsonList, type Json } from '../load/json';
import { isObject, Ref, show, Template, Unknown, type Value } from '../value/value';
import { parseExpression, type Expression, type Step } from './expression';
import { FUNCTIONS } from './functions';
import type { Scope } from './scope';
import { splitTemplate } from './split-template';

/** Names of HCL that are no resources, and why what they stand for is not known. */
const UNKNOWN_ROOTS: Readonly<Record<string, string>> = {
  module: 'comes out of a module, whose resources are not in the document',
  each: 'depends on a for_each',
  count: 'depends on a count',
  path: 'is a folder of the machine that runs Terraform',
  terraform: 'is set where Terraform runs',
  self: 'is known only after it has been made',
};

/** Follows the references of a value of Terraform JSON as far as the documents go. */
export function evaluate(raw: unknown, scope: Scope): Value {
  if (typeof raw === 'string') return evaluateText(raw, scope);
  if (Array.isArray(raw)) return raw.map((each) => evaluate(each, scope));
  if (isJson(raw)) return evaluateMap(raw, scope);
  return typeof raw === 'number' || typeof raw === 'boolean' ? raw : null;
}

/** The names of a map are templates, too (Terraform, "JSON Configuration Syntax", "Expression Mapping"). */
function evaluateMap(raw: Json, scope: Scope): Value {
  const entries: (readonly [string, Value])[] = [];
  for (const [key, each] of Object.entries(raw)) {
    const name = /[$%]\{/.test(key) ? evaluateText(key, scope) : key;
    if (typeof name !== 'string') return new Unknown(key, 'is a name in a map that is not known');
    entries.push([name, evaluate(each, scope)]);
    if (name === 'dynamic') entries.push(...dynamicBlocks(each));
  }
  return Object.fromEntries(entries);
}

/** Nested blocks of which nobody knows how many there are. */
function dynamicBlocks(raw: unknown): (readonly [string, Value])[] {
  return jsonList(raw)
    .flatMap((each) => Object.entries(json(each)))
    .filter(([, block]) => jsonList(block).some((each) => isJson(each) && 'content' in each))
    .map(([key]) => [key, new Unknown(key, 'is a dynamic block, which is not evaluated')]);
}

function evaluateText(text: string, scope: Scope): Value {
  const parts = splitTemplate(text);
  if (parts.length === 0) return '';
  const values = parts.map((part): Value => {
    if (typeof part === 'string') return part;
    if ('directive' in part) return new Unknown(`%{${part.directive}}`, 'is a directive, which is not evaluated');
    const expression = parseExpression(part.expression);
    if (!expression) return new Unknown(`\${${part.expression}}`, 'is an expression of a kind that is not evaluated');
    return evaluateExpression(expression, scope, part.expression);
  });
  // A template that is one expression is its value, whatever its type (HCL specification, "Template Interpolation Unwrapping").
  return values.length === 1 ? (values[0] as Value) : joinParts(values);
}

/** Text of several parts: plain where all are known. */
function joinParts(values: readonly Value[]): Value {
  const parts: (string | Ref | Unknown)[] = [];
  const add = (part: string | Ref | Unknown): void => {
    const last = parts.at(-1);
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else parts.push(part);
  };
  for (const value of values) {
    if (value instanceof Template && value.encoding === undefined) value.parts.forEach(add);
    else if (value instanceof Ref || value instanceof Unknown) add(value);
    else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') add(String(value));
    else add(new Unknown(show(value), 'is not text'));
  }
  return parts.length === 1 && typeof parts[0] === 'string' ? parts[0] : new Template(parts);
}

function evaluateExpression(expression: Expression, scope: Scope, text: string): Value {
  const inner = (each: Expression): Value => evaluateExpression(each, scope, text);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'template':
      return evaluateText(expression.text, scope);
    case 'list':
      return expression.items.map(inner);
    case 'object':
      return object(
        expression.entries.map(([key, value]) => [inner(key), inner(value)] as const),
        text,
      );
    case 'call': {
      const result = (Object.hasOwn(FUNCTIONS, expression.name) ? FUNCTIONS[expression.name] : undefined)?.(
        expression.args.map(inner),
      );
      return result ?? new Unknown(`\${${text}}`, `is made by ${expression.name}(), which is not evaluated here`);
    }
    case 'traversal':
      return traverse(expression.root, expression.steps, scope, text);
  }
}

function object(entries: readonly (readonly [Value, Value])[], text: string): Value {
  const known = entries.flatMap(([key, value]) =>
    typeof key === 'string' || typeof key === 'number' ? [[String(key), value] as const] : [],
  );
  if (known.length < entries.length) return new Unknown(`\${${text}}`, 'is a map with a key that is not known');
  return Object.fromEntries(known);
}

function traverse(root: string, steps: readonly Step[], scope: Scope, text: string): Value {
  const whole = `\${${text}}`;
  const [first, ...rest] = steps;
  if (root === 'var') return new Unknown(whole, 'is a variable');
  const reason = Object.hasOwn(UNKNOWN_ROOTS, root) ? UNKNOWN_ROOTS[root] : undefined;
  if (reason !== undefined) return new Unknown(whole, reason);
  if (typeof first !== 'string') return new Unknown(whole, 'is an expression of a kind that is not evaluated');
  if (root === 'local') {
    const local = scope.local(first);
    return local === undefined
      ? new Unknown(whole, 'is a local that is not in the document')
      : follow(local, rest, whole);
  }
  if (root !== 'data') return reference(`${root}.${first}`, rest, scope, whole);
  const [name, ...path] = rest;
  if (typeof name !== 'string') return new Unknown(whole, 'is an expression of a kind that is not evaluated');
  if (first === 'terraform_remote_state') return remoteOutput(name, path, scope, whole);
  return reference(`data.${first}.${name}`, path, scope, whole);
}

function remoteOutput(name: string, path: readonly Step[], scope: Scope, whole: string): Value {
  const [outputs, output, ...rest] = path;
  const value = outputs === 'outputs' && typeof output === 'string' ? scope.remoteOutput(name, output) : undefined;
  if (value !== undefined) return follow(value, rest, whole);
  return new Unknown(whole, 'comes from a stack that is not among the documents');
}

/** An attribute of a resource: what is written there, or a reference to what AWS will answer. */
function reference(address: string, path: readonly Step[], scope: Scope, whole: string): Value {
  const resource = scope.resource(address);
  if (!resource) return new Unknown(whole, 'names a resource that is not in the document');
  const [index, ...behind] = path;
  const splat = isSplat(index);
  if (splat && resource.repeated) return new Unknown(whole, 'is a list of which nobody knows how long it is');
  const [attribute, ...rest] =
    splat || (resource.repeated && index !== undefined && typeof index === 'number') ? behind : path;
  if (typeof attribute !== 'string') return new Unknown(whole, 'names a whole resource');
  const written = resource.get(attribute);
  const value =
    written === undefined || written === null
      ? new Ref(resource, attribute + rest.map(stepText).join(''))
      : follow(written, rest, whole);
  return splat ? [value] : value;
}

function follow(value: Value, steps: readonly Step[], whole: string): Value {
  return steps.reduce<Value>((at, step) => {
    if (at instanceof Unknown) return at;
    if (at instanceof Ref) return new Ref(at.resource, at.attribute + stepText(step));
    const next = Array.isArray(at)
      ? (at as Value[])[Number(step)]
      : isObject(at) && typeof step === 'string' && Object.hasOwn(at, step)
        ? at[step]
        : undefined;
    return next ?? new Unknown(whole, 'is not in the document');
  }, value);
}

function isSplat(step: Step | undefined): boolean {
  return typeof step === 'object';
}

function stepText(step: Step): string {
  if (typeof step === 'number') return `[${step}]`;
  return typeof step === 'string' ? `.${step}` : '[*]';
}
