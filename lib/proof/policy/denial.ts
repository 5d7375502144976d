import { type Unknown } from '../value/value';
import type { Pin } from './arn';
import { isEverybody, valuesPin, WHAT, WHO, type Condition, type Side, type Statement } from './statement';

/** What a Deny refuses: all requests but ours, by the caller or by the resource; or all without credentials. */
export interface Bound {
  readonly side: Side | 'anonymous';
  readonly pin: 'pinned' | Unknown;
  /** It does not fit requests without credentials, which lack one of its keys. */
  readonly signedOnly: boolean;
}

/**
 * Keys that requests without credentials lack, and all others have (IAM User Guide, "Global condition context keys", "Availability"). They do
 * have `aws:PrincipalAccount`: it is `anonymous`.
 */
const OF_SIGNED = new Set(['aws:principalarn', 'aws:principalisawsservice']);

/**
 * What a Deny binds, on the strength of one key. A negated operator fits where its key is missing, with `IfExists` or without; a positive one,
 * `Bool` among them, does not without `IfExists` (IAM User Guide, "Condition operators").
 */
export function boundBy({ conditions, principal }: Statement): Bound | undefined {
  // Calls that AWS services make are not the workload's, so leaving them out binds as well.
  const deciding = conditions.filter((each) => !leavesOutServices(each));
  const [only, ...others] = deciding;
  // Keys are joined by AND, so one that is ours alone would let the request pass.
  if (!only || others.length > 0 || !isEverybody(principal) || only.quantifier === 'any') return undefined;
  const signedOnly = conditions.some((each) => leavesOutServices(each) && !fitsMissing(each));
  if (only.operator === 'null')
    return OF_SIGNED.has(only.key) && isAll(only, 'true') && !signedOnly && only.quantifier === undefined
      ? { side: 'anonymous', pin: 'pinned', signedOnly: false }
      : undefined;
  const side = WHO.has(only.key) ? 'who' : WHAT.has(only.key) ? 'what' : undefined;
  if (side === undefined || !/^(string|arn)not(equals|equalsignorecase|like)$/.test(only.operator)) return undefined;
  const pin: Pin = valuesPin(only, only.operator.replace('not', ''));
  return pin === 'open' ? undefined : { side, pin, signedOnly };
}

function leavesOutServices(condition: Condition): boolean {
  const { key, operator } = condition;
  return key === 'aws:principalisawsservice' && operator === 'bool' && isAll(condition, 'false');
}

function fitsMissing({ ifExists, quantifier }: Condition): boolean {
  return quantifier === 'all' || (ifExists && quantifier === undefined);
}

function isAll({ values }: Condition, word: 'true' | 'false'): boolean {
  return values.length > 0 && values.every((each) => String(each as unknown) === word);
}
