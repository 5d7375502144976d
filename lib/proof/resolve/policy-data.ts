import type { Resource } from '../load/resource';
import { blocks, list, text } from '../value/read';
import { isObject, Ref, show, Unknown, type Value, type ValueObject } from '../value/value';
import { jsonOf } from './json-text';

/**
 * The statements of a policy: of JSON text, of `jsonencode`, or of the data source `aws_iam_policy_document`, with the documents that it
 * takes over.
 */
export function policyStatements(value: Value | undefined): readonly (ValueObject | Unknown)[] {
  if (value instanceof Ref && value.resource.kind === 'data.aws_iam_policy_document') return ofDocument(value.resource);
  const policy = jsonOf(value);
  if (policy === undefined || policy === null) return value ? [new Unknown(show(value), 'is no policy')] : [];
  if (policy instanceof Unknown) return [policy];
  if (!isObject(policy)) return [new Unknown(show(policy), 'is no policy')];
  const odd = Object.keys(policy).find((key) => !['Version', 'Id', 'Statement'].includes(key));
  if (odd !== undefined) return [new Unknown(JSON.stringify(odd), 'is no element of a policy')];
  if (policy.Statement === undefined || policy.Statement === null)
    return [new Unknown(show(policy), 'has no Statement')];
  return blocks(policy.Statement);
}

function ofDocument(data: Resource): readonly (ValueObject | Unknown)[] {
  const taken = (...keys: readonly string[]) =>
    keys.flatMap((key) => list(data.get(key)).flatMap((each) => policyStatements(each)));
  const own = blocks(data.get('statement')).map((each) => (each instanceof Unknown ? each : statement(each)));
  return merged([
    ...taken('source_json', 'source_policy_documents'),
    ...own,
    ...taken('override_policy_documents', 'override_json'),
  ]);
}

/** A statement takes the place of an earlier one with its Sid (AWS provider, `aws_iam_policy_document`, "override_policy_documents"). */
function merged(statements: readonly (ValueObject | Unknown)[]): readonly (ValueObject | Unknown)[] {
  const result: (ValueObject | Unknown)[] = [];
  const places = new Map<string, number>();
  for (const each of statements) {
    const sid = each instanceof Unknown ? undefined : text(each.Sid);
    if (sid instanceof Unknown) result.push(sid);
    else if (sid === undefined || sid === '') result.push(each);
    else {
      const place = places.get(sid) ?? result.length;
      places.set(sid, place);
      result[place] = each;
    }
  }
  return result;
}

function statement(block: ValueObject): ValueObject | Unknown {
  const effect = text(block.effect) ?? 'Allow';
  const principals = blocks(block.principals);
  const conditions = blocks(block.condition);
  const unknown = [effect, ...principals, ...conditions].find((each) => each instanceof Unknown);
  if (unknown instanceof Unknown) return unknown;
  const written = (key: string, name: string) =>
    list(block[key]).length > 0 ? { [name]: list(block[key]) as Value } : {};
  const result: Record<string, Value> = {
    Effect: effect as string,
    ...(block.sid !== undefined && block.sid !== null && { Sid: block.sid }),
    ...written('actions', 'Action'),
    ...written('not_actions', 'NotAction'),
    ...written('resources', 'Resource'),
    ...written('not_resources', 'NotResource'),
    ...(principals.length > 0 && { Principal: principalOf(principals) }),
    ...(blocks(block.not_principals).length > 0 && { NotPrincipal: principalOf(blocks(block.not_principals)) }),
    ...(conditions.length > 0 && { Condition: conditionOf(conditions) }),
  };
  return result;
}

function principalOf(found: readonly (ValueObject | Unknown)[]): Value {
  const entries = found.flatMap((each) =>
    each instanceof Unknown ? [] : [[word(each.type), list(each.identifiers)] as const],
  );
  if (entries.some(([type]) => type === '*')) return '*';
  const merged = Object.create(null) as Record<string, readonly Value[]>;
  for (const [type, identifiers] of entries) merged[type] = [...(merged[type] ?? []), ...identifiers];
  return merged;
}

function conditionOf(found: readonly (ValueObject | Unknown)[]): Value {
  const result = Object.create(null) as Record<string, Record<string, Value>>;
  for (const each of found) {
    if (each instanceof Unknown) continue;
    const test = word(each.test);
    const variable = word(each.variable);
    const before = list(result[test]?.[variable]);
    result[test] = { ...result[test], [variable]: [...before, ...list(each.values)] };
  }
  return result;
}

/** What is not known stands for nothing that could pin. */
function word(value: Value | undefined): string {
  return typeof value === 'string' ? value : show(value);
}
