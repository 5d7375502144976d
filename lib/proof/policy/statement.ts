import { list, text } from '../value/read';
import { isObject, show, Unknown, type Value, type ValueObject } from '../value/value';
import { exactPin, literalPin, principalPin, resourcePin, type Pin } from './arn';

/** A statement of an endpoint policy, its lists as lists. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly principal: Value | undefined;
  readonly actions: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources: readonly Value[];
  readonly notResources?: readonly Value[];
  readonly conditions: readonly Condition[];
}

/** One key under one operator. */
export interface Condition {
  /** Lower case, without the words below: `stringequals`. */
  readonly operator: string;
  readonly quantifier?: 'any' | 'all';
  readonly ifExists: boolean;
  /** Lower case: `aws:principalaccount`. */
  readonly key: string;
  readonly values: readonly Value[];
}

/** Keys that say whose the caller is; the callers of them all have a value of their own (IAM User Guide, "Global condition context keys"). */
export const WHO = new Set(['aws:principalaccount', 'aws:principalorgid', 'aws:principalorgpaths', 'aws:principalarn']);
/** Keys that say whose the resource is. */
export const WHAT = new Set(['aws:resourceaccount', 'aws:resourceorgid', 'aws:resourceorgpaths', 's3:resourceaccount']);

/** IAM User Guide, "IAM JSON policy elements reference". */
const ELEMENTS = new Set([
  ...['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
]);

/** What a condition can pin. */
export type Side = 'who' | 'what';

/** Reads a statement; unknown where its structure is not known. */
export function readStatement(block: ValueObject): Statement | Unknown {
  const effect = text(block.Effect);
  if (effect !== 'Allow' && effect !== 'Deny')
    return effect instanceof Unknown ? effect : new Unknown(show(block.Effect), 'is no Effect of a statement');
  // Whether AWS reads `action` as `Action` is not relied upon.
  const odd = Object.keys(block).find((key) => !ELEMENTS.has(key));
  if (odd !== undefined) return new Unknown(JSON.stringify(odd), 'is no element of a statement');
  const actions = strings(block.Action);
  const notActions = block.NotAction === undefined ? undefined : strings(block.NotAction);
  const conditions = readConditions(block.Condition);
  const unknown = [actions, notActions, conditions].find((each) => each instanceof Unknown);
  if (unknown instanceof Unknown) return unknown;
  return {
    effect,
    principal: block.NotPrincipal === undefined ? block.Principal : undefined,
    actions: notActions === undefined ? (actions as string[]) : ['*'],
    ...(notActions !== undefined && { notActions: notActions as string[] }),
    resources: block.NotResource === undefined ? list(block.Resource) : ['*'],
    ...(block.NotResource !== undefined && { notResources: list(block.NotResource) }),
    conditions: conditions as Condition[],
  };
}

function strings(value: Value | undefined): string[] | Unknown {
  const texts = list(value).map((each) => text(each) ?? '');
  const unknown = texts.find((each) => each instanceof Unknown);
  return unknown ?? texts.flatMap((each) => (typeof each === 'string' ? [each.toLowerCase()] : []));
}

function readConditions(value: Value | undefined): Condition[] | Unknown {
  if (value === undefined || value === null) return [];
  if (!isObject(value)) return new Unknown(show(value), 'is no condition');
  const conditions: Condition[] = [];
  const seen = new Set<string>();
  for (const [name, keys] of Object.entries(value)) {
    if (!isObject(keys)) return keys instanceof Unknown ? keys : new Unknown(show(keys), 'is no condition');
    const [, quantifier, operator = '', ifExists] =
      /^(foranyvalue:|forallvalues:)?(.*?)(ifexists)?$/.exec(name.toLowerCase()) ?? [];
    for (const [key, values] of Object.entries(keys)) {
      // Whether AWS takes both of two names that differ in case is not relied upon.
      const full = `${name} ${key}`.toLowerCase();
      if (seen.has(full)) return new Unknown(JSON.stringify(key), 'stands twice under one operator');
      seen.add(full);
      conditions.push({
        operator,
        ...(quantifier !== undefined && { quantifier: quantifier.startsWith('forany') ? 'any' : 'all' }),
        ifExists: ifExists !== undefined,
        key: key.toLowerCase(),
        values: list(values),
      });
    }
  }
  return conditions;
}

/** Whether an Allow is bound to callers of one account or organisation. */
export function whoOf(statement: Statement): Pin {
  return best([principalsPin(statement.principal), ...statement.conditions.map((each) => allowPin(each, 'who'))]);
}

/** Whether an Allow is bound to resources of one account or organisation, or to full names. */
export function whatOf(statement: Statement): Pin {
  return best([resourcesPin(statement.resources), ...statement.conditions.map((each) => allowPin(each, 'what'))]);
}

/** Whether a statement is about every caller. */
export function isEverybody(principal: Value | undefined): boolean {
  if (principal === '*') return true;
  return isObject(principal) && list(principal.AWS).includes('*');
}

function principalsPin(principal: Value | undefined): Pin {
  if (principal instanceof Unknown) return principal;
  if (!isObject(principal)) return 'open';
  const { AWS, ...services } = principal;
  const others = Object.entries(services).flatMap(([type, names]) => list(names).map((name) => namedPin(type, name)));
  return all([...list(AWS).map(principalPin), ...others]);
}

/** Everybody has an account with some provider of identities, so one counts by the account that its ARN names. */
function namedPin(type: string, name: Value): Pin {
  if (type === 'Federated') return principalPin(name);
  return type === 'Service' || type === 'CanonicalUser' ? literalPin(name) : 'open';
}

function resourcesPin(resources: readonly Value[]): Pin {
  return all(resources.map(resourcePin));
}

/** A key that is missing must refuse, so no `…IfExists` and no `ForAllValues`. */
function allowPin(condition: Condition, side: Side): Pin {
  const keys = side === 'who' ? WHO : WHAT;
  if (!keys.has(condition.key) || condition.ifExists || condition.quantifier === 'all') return 'open';
  return /^(stringequals|stringequalsignorecase|stringlike|arnequals|arnlike)$/.test(condition.operator)
    ? valuesPin(condition, condition.operator)
    : 'open';
}

/** Whether all values of a key are of one account or organisation each. */
export function valuesPin({ key, values }: Condition, operator: string): Pin {
  if (operator.startsWith('stringequals') && key !== 'aws:principalarn') return all(values.map(exactPin));
  if (key.endsWith('orgpaths'))
    return all(values.map((each) => literalPin(typeof each === 'string' ? (each.split('/')[0] ?? '') : each)));
  return all(values.map(key === 'aws:principalarn' ? principalPin : literalPin));
}

function all(pins: readonly Pin[]): Pin {
  if (pins.length === 0 || pins.includes('open')) return 'open';
  return pins.find((pin) => pin instanceof Unknown) ?? 'pinned';
}

/** The best of several pins, each of which is enough. */
export function best(pins: readonly Pin[]): Pin {
  if (pins.includes('pinned')) return 'pinned';
  return pins.find((pin) => pin instanceof Unknown) ?? 'open';
}
