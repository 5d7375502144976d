import type { Block, Stack } from './sealed';

const REFERENCE = /\$\{((?:data\.)?[\w-]+\.[\w-]+)\.([\w-]+)\}/g;
const ACCOUNT = '1'.repeat(12);

type Entry = { readonly mode: 'managed' | 'data'; readonly type: string; readonly name: string; readonly block: Block };

function entriesOf({ resource, data }: Stack): Entry[] {
  const read = (mode: 'managed' | 'data', section: Stack['resource']): Entry[] =>
    Object.entries(section).flatMap(([type, named]) =>
      Object.entries(named).map(([name, block]) => ({ mode, type, name, block })),
    );
  return [...read('data', data), ...read('managed', resource)];
}

const addressOf = ({ mode, type, name }: Entry): string => `${mode === 'data' ? 'data.' : ''}${type}.${name}`;

/** What AWS would answer: an id, an ARN, or our account. */
function answer(address: string, attribute: string): string {
  if (attribute === 'account_id') return ACCOUNT;
  if (attribute.endsWith('arn')) return `arn:aws:x:eu-west-1:${ACCOUNT}:${address}`;
  return `${attribute}-of-${address}`;
}

function mapTexts(value: unknown, change: (text: string) => unknown): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, change)]));
}

/** What `terraform show -json` prints of the state after the stack was applied: every reference is the answer of AWS. */
export function asState(stack: Stack): object {
  const entries = entriesOf(stack);
  const answered = new Map<string, Record<string, string>>();
  const resolve = (text: string): string =>
    text
      .replace(REFERENCE, (_, address: string, attribute: string) => {
        answered.set(address, { ...answered.get(address), [attribute]: answer(address, attribute) });
        return answer(address, attribute);
      })
      .replaceAll('$${', '${');
  const values = entries.map(({ block }) => mapTexts(block, resolve) as Block);
  const resources = entries.map((entry, index) => {
    const address = addressOf(entry);
    const known = { id: answer(address, 'id'), arn: answer(address, 'arn'), ...answered.get(address) };
    const { mode, type, name } = entry;
    return { address, mode, type, name, values: { ...known, ...values[index] } };
  });
  return { format_version: '1.0', terraform_version: '1.9.0', values: { root_module: { resources } } };
}

/** Whether part of a value is a reference to something that is made later. */
function isUnknown(text: string): boolean {
  return [...text.matchAll(REFERENCE)].some(([, address = '']) => !address.startsWith('data.'));
}

function referencesOf(value: unknown): string[] {
  const found: string[] = [];
  mapTexts(value, (text) => {
    for (const [, address = '', attribute] of text.matchAll(REFERENCE)) found.push(`${address}.${attribute}`, address);
    return text;
  });
  return found;
}

/** The values that a plan knows, and `after_unknown` beside them. */
function plan(value: unknown): readonly [value: unknown, unknown: unknown] {
  if (typeof value === 'string')
    return isUnknown(value)
      ? [undefined, true]
      : [value.replace(REFERENCE, (_, a: string, b: string) => answer(a, b)), undefined];
  if (Array.isArray(value)) {
    const parts = value.map(plan);
    if (parts.some(([, unknown]) => unknown === true)) return [undefined, true];
    return [parts.map(([each]) => each), parts.map(([, unknown]) => unknown ?? false)];
  }
  if (typeof value !== 'object' || value === null) return [value, undefined];
  const entries = Object.entries(value).map(([key, each]) => [key, plan(each)] as const);
  return [
    Object.fromEntries(entries.filter(([, [each]]) => each !== undefined).map(([key, [each]]) => [key, each])),
    Object.fromEntries(
      entries.filter(([, [, unknown]]) => unknown !== undefined).map(([key, [, unknown]]) => [key, unknown]),
    ),
  ];
}

/** As `configuration` shows expressions of HCL: constants, or names without what is done with them. */
function expression(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return [Object.fromEntries(Object.entries(value).map(([key, each]) => [key, expression(each)]))];
  if (Array.isArray(value) && value.some((each) => typeof each === 'object')) return value.flatMap(expression);
  const references = referencesOf(value);
  return references.length > 0 ? { references } : { constant_value: value };
}

/** What `terraform show -json` prints of the plan that makes the stack, as if it were written in HCL. */
export function asPlan(stack: Stack): object {
  const entries = entriesOf(stack);
  const planned = entries
    .filter(({ mode }) => mode === 'managed')
    .map((entry) => {
      const { mode, type, name, block } = entry;
      // One nested block is a list of one.
      const listed = Object.fromEntries(
        Object.entries(block).map(([key, each]) => [key, isNested(key, each) ? [each] : each]),
      );
      const [values, unknown] = plan(listed);
      return { address: addressOf(entry), mode, type, name, values, unknown };
    });
  const data = entries
    .filter(({ mode }) => mode === 'data')
    .map((entry) => {
      const { mode, type, name, block } = entry;
      const address = addressOf(entry);
      return { address, mode, type, name, values: { ...block, id: answer(address, 'id'), account_id: ACCOUNT } };
    });
  const configured = entries.map((entry) => ({
    ...{ address: addressOf(entry), mode: entry.mode, type: entry.type, name: entry.name },
    expressions: Object.fromEntries(Object.entries(entry.block).map(([key, each]) => [key, expression(each)])),
  }));
  return {
    format_version: '1.2',
    planned_values: { root_module: { resources: planned.map(({ unknown: _, ...rest }) => rest) } },
    resource_changes: planned.map(({ address, unknown }) => ({
      address,
      change: { actions: ['create'], after_unknown: { ...(unknown as Block), id: true, arn: true } },
    })),
    prior_state: { values: { root_module: { resources: data } } },
    configuration: { root_module: { resources: configured } },
  };
}

function isNested(key: string, value: unknown): boolean {
  return key !== 'tags' && typeof value === 'object' && value !== null && !Array.isArray(value);
}
