import type { Resource } from '../load/resource';
import { isKnown } from '../value/links';
import { show, Template, Unknown, type Value } from '../value/value';
import { refsOf, walk } from '../value/walk';
import { hasRole } from './devices';
import type { Inventory } from './inventory';
import { mentionedIn } from './mentions';
import type { Model } from './model';

const FUNCTION = 'aws_lambda_function';
const ALIAS = 'aws_lambda_alias';
const ARNS = ['arn', 'invoke_arn', 'qualified_arn', 'qualified_invoke_arn'];

/** The functions of the documents that a value names anywhere: by reference, by name, or by an ARN inside of text such as the body of an API. */
export function functionsNamedIn(inventory: Inventory, value: Value): readonly Resource[] {
  const texts = [...walk(value)].flatMap(({ value: each }) => textsOf(each));
  const named = [
    ...refsOf(value).map(({ resource }) => resource),
    ...texts.flatMap((text) => namedByText(inventory, text)),
  ];
  return [...new Set(named.flatMap((each) => functionsOf(inventory, each)))];
}

function textsOf(value: Value): readonly string[] {
  if (typeof value === 'string') return [value];
  return value instanceof Template ? value.parts.filter((part) => typeof part === 'string') : [];
}

function namedByText(inventory: Inventory, text: string): readonly Resource[] {
  const { links } = inventory;
  const names = [...text.matchAll(/:function:([\w-]+)/g)].map(([, name = '']) => name);
  const inside = text.includes('arn:')
    ? inventory.of(FUNCTION, ALIAS).filter((each) => ARNS.some((key) => mentions(text, each.get(key))))
    : [];
  // A name may have the name of a version behind it.
  const [name = '', ...more] = text.split(':');
  const short = more.length === 1 ? [name] : [];
  return [...inside, ...[text, ...names, ...short].flatMap((each) => links.candidates(each, FUNCTION, ALIAS))];
}

function mentions(text: string, arn: Value | undefined): boolean {
  if (typeof arn !== 'string' || arn === '') return false;
  return text
    .split(arn)
    .slice(1)
    .some((rest) => !/^[\w-]/.test(rest));
}

/** A function itself, or the one behind an alias. */
export function functionsOf(inventory: Inventory, resource: Resource): readonly Resource[] {
  if (resource.type === FUNCTION && resource.mode === 'managed') return [resource];
  if (resource.type !== ALIAS || resource.mode !== 'managed') return [];
  const name = resource.get('function_name') ?? null;
  if (typeof name === 'string') return inventory.links.candidates(name, FUNCTION);
  const known = inventory.links.targets(name, FUNCTION).filter(isKnown);
  return [...known, ...mentionedIn(inventory, resource, name, [FUNCTION])];
}

/** The function of a workload that a setting of Lambda is about (`function_name`); undefined where it is about none. */
export function invokedBy(model: Model, setting: Resource): Resource | Unknown | undefined {
  const isOurs = (each: Resource): boolean => {
    const device = model.deviceOf.get(each);
    return device !== undefined && hasRole(device, 'workload', 'host');
  };
  const value = setting.get('function_name') ?? null;
  const named = [
    ...functionsNamedIn(model.inventory, value),
    ...mentionedIn(model.inventory, setting, value, [FUNCTION, ALIAS]).flatMap((each) =>
      functionsOf(model.inventory, each),
    ),
  ];
  if (named.some(isOurs)) return named.find(isOurs);
  const mayBeMore = value instanceof Unknown && /\b(var|local|module|each|data)\./.test(value.text);
  if (named.length > 0 && !mayBeMore) return undefined;
  const ours = model.inventory.of(FUNCTION).filter(isOurs);
  if (ours.length === 0) return undefined;
  // A name that is written is that of another function, where the names of ours are written as well.
  const isWritten = typeof value === 'string' && ours.every((each) => typeof each.get('function_name') === 'string');
  if (isWritten) return undefined;
  return value instanceof Unknown ? value : new Unknown(show(value), 'is not known');
}
