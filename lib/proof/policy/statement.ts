import { list, text } from '../value/read';
import { isObject, show, Unknown, type Value, type ValueObject } from '../value/value';
import { literalPin, principalPin, resourcePin, type Pin } from './arn';

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
interface Condition {
  /** Lower case, without the words below: `stringequals`. */
  readonly operator: string;
  readonly quantifier?: 'any' | 'all';
  readonly ifExists: boolean;
  /** Lower case: `aws:principalaccount`. */
  readonly key: string;
  readonly values: readonly Value[];
}

/** Keys that say whose the caller is; the callers of them all have a value of their own (IAM User Guide, "Global condition context keys"). */
const WHO = new Set(['aws:principalaccount', 'aws:principalorgid', 'aws:principalorgpaths', 'aws:principalarn']);
/** Keys that say whose the resource is. */
const WHAT = new Set(['aws:resourceaccount', 'aws:resourceorgid', 'aws:resourceorgpaths', 's3:resourceaccount']);

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
  for (const [name, keys] of Object.entries(value)) {
    if (!isObject(keys)) return keys instanceof Unknown ? keys : new Unknown(show(keys), 'is no condition');
    const [, quantifier, operator = '', ifExists] =
      /^(foranyvalue:|forallvalues:)?(.*?)(ifexists)?$/.exec(name.toLowerCase()) ?? [];
    for (const [key, values] of Object.entries(keys))
      conditions.push({
        operator,
        ...(quantifier !== undefined && { quantifier: quantifier.startsWith('forany') ? 'any' : 'all' }),
        ifExists: ifExists !== undefined,
        key: key.toLowerCase(),
        values: list(values),
      });
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

/** Which sides a Deny binds: it refuses all but ours on the strength of that one key. */
export function denies(statement: Statement): Pin | Side {
  const { conditions } = statement;
  // Calls that AWS services make are not the workload's, so leaving them out binds as well.
  const deciding = conditions.filter(
    ({ key, operator, values }) =>
      !(
        key === 'aws:principalisawsservice' &&
        operator === 'bool' &&
        values.every((each) => each === 'false' || each === false)
      ),
  );
  const [only, ...others] = deciding;
  // Keys are joined by AND, so one that is ours alone would let the request pass.
  if (!only || others.length > 0 || !isEverybody(statement.principal) || only.quantifier === 'any') return 'open';
  const side = WHO.has(only.key) ? 'who' : WHAT.has(only.key) ? 'what' : undefined;
  if (side === undefined || !/^(string|arn)not(equals|equalsignorecase|like)$/.test(only.operator)) return 'open';
  const pin = valuesPin(only, only.operator.replace('not', ''));
  return pin === 'pinned' ? side : pin;
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
  const others = Object.entries(services);
  const isNamed = ([type, names]: readonly [string, Value]): boolean =>
    /^(Service|Federated|CanonicalUser)$/.test(type) && list(names).every((each) => literalPin(each) === 'pinned');
  if (!others.every(isNamed)) return 'open';
  if (AWS === undefined) return others.length > 0 ? 'pinned' : 'open';
  return all(list(AWS).map(principalPin));
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

function valuesPin({ key, values }: Condition, operator: string): Pin {
  if (operator.startsWith('stringequals') && key !== 'aws:principalarn')
    // Whatever a variable holds is one account or organisation here; a policy variable such as ${aws:ResourceAccount} is anybody's.
    return values.length > 0 && values.every((each) => typeof each !== 'string' || !each.includes('${'))
      ? 'pinned'
      : 'open';
  if (key.endsWith('orgpaths'))
    return all(values.map((each) => literalPin(typeof each === 'string' ? (each.split('/')[0] ?? '') : each)));
  return all(values.map(key === 'aws:principalarn' ? principalPin : literalPin));
}

function all(pins: readonly Pin[]): Pin {
  if (pins.length === 0 || pins.includes('open')) return 'open';
  return pins.find((pin) => pin instanceof Unknown) ?? 'pinned';
}

function best(pins: readonly Pin[]): Pin {
  if (pins.includes('pinned')) return 'pinned';
  return pins.find((pin) => pin instanceof Unknown) ?? 'open';
}
