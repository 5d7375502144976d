import type { Resource } from '../load/resource';
import { isKnown } from '../value/links';
import { Template, type Value } from '../value/value';
import { refsOf, walk } from '../value/walk';
import type { Inventory } from './inventory';

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
  return [...new Set(named.flatMap((each) => functionOf(inventory, each)))];
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

function functionOf({ links }: Inventory, resource: Resource): readonly Resource[] {
  if (resource.type === FUNCTION && resource.mode === 'managed') return [resource];
  if (resource.type !== ALIAS || resource.mode !== 'managed') return [];
  const name = resource.get('function_name');
  if (typeof name === 'string') return links.candidates(name, FUNCTION);
  return links.targets(name, FUNCTION).filter(isKnown);
}
