import type { ConfigObject, ConfigValue } from '../../../../lib/envoy/resources';
import { at } from './reading';

/** What a guard's conditions look at. */
export interface Facts {
  /** `connection.requested_server_name`: as the client sent it, in lower case. */
  readonly sni?: string;
  /** Filter state `egress.authority`: the authority of the CONNECT. */
  readonly authority?: string;
}

/** The value of a CEL syntax tree, for the functions that our conditions use. */
export function evaluate(tree: ConfigValue | undefined, facts: Facts): unknown {
  const { const_expr, select_expr, call_expr, ident_expr } = tree as Readonly<Record<string, ConfigObject | undefined>>;
  if (const_expr) return const_expr.string_value;
  if (ident_expr) return { filter_state: { 'egress.authority': facts.authority } }[ident_expr.name as string];
  if (select_expr) {
    expect([at(select_expr, 'operand', 'ident_expr', 'name'), select_expr.field]).toEqual([
      'connection',
      'requested_server_name',
    ]);
    return facts.sni ?? '';
  }
  if (!call_expr) throw new Error(`no expression: ${JSON.stringify(tree)}`);
  const args = [call_expr.target, ...((call_expr.args ?? []) as ConfigValue[])].filter((each) => each !== undefined);
  const [first, second] = args.map((each) => evaluate(each, facts)) as [string, string];
  return call(call_expr.function as string, first, second);
}

function call(name: string, first: string, second: string): unknown {
  switch (name) {
    case '_&&_':
      return first && second;
    case '_==_':
      return first === second;
    case '_!=_':
      return first !== second;
    case '!_':
      return !first;
    case '_+_':
      return first + second;
    case '_[_]':
      return (first as unknown as Record<string, unknown>)[second];
    case 'string':
      return first;
    case 'lowerAscii':
      return first.toLowerCase();
    case 'startsWith':
      return first.startsWith(second);
    default:
      throw new Error(`no function ${name}`);
  }
}

/** Whether one of the policies of an RBAC's ALLOW rules passes. */
export function passes(rules: ConfigObject, facts: Facts): boolean {
  expect(rules.action).toBe('ALLOW');
  return Object.values(rules.policies as ConfigObject).some((each) => evaluate(at(each, 'condition'), facts) === true);
}
