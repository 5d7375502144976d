import type { Resource } from '../load/resource';
import { arnText, NOT_KNOWN, OWN } from '../policy/arn';
import { isOwnArn } from '../policy/own-arn';
import { Ref, show, Template, Unknown, type Value } from '../value/value';
import type { Model } from './model';

/** Whose something is; unknown where nobody can say. */
export type Owner = 'own' | 'foreign' | Unknown;

/** Our accounts as numbers, as far as the documents name them: that of the caller, and those of the functions of workloads. */
export function ownAccounts({ inventory, governed }: Model): ReadonlySet<string> {
  const callers = inventory.of('data.aws_caller_identity').map((each) => each.get('account_id'));
  const functions = governed.flatMap(({ parts }) => parts.filter(({ type }) => type === 'aws_lambda_function'));
  const arns = functions.flatMap((each) => [each.get('arn'), each.get('role')]);
  const accounts = [...callers, ...arns.map((each) => (typeof each === 'string' ? each.split(':')[4] : undefined))];
  return new Set(accounts.filter((each): each is string => typeof each === 'string' && /^\d{12}$/.test(each)));
}

/** Whose an account, or what an ARN names, is. The ARN of a bucket names no account. */
export function ownerOf(value: Value, accounts: ReadonlySet<string>): Owner {
  const first = value instanceof Template ? value.parts[0] : value;
  if (first instanceof Ref && isOwnArn(first)) return 'own';
  const text = arnText(value);
  const account = /^arn:/.test(text) ? (text.split(':')[4] ?? '') : text;
  if (account === OWN || accounts.has(account)) return 'own';
  if (/^\d{12}$/.test(account)) return 'foreign';
  if (value instanceof Unknown) return value;
  const reason = text.includes(NOT_KNOWN) ? 'is not known' : 'does not say whose it is';
  return new Unknown(show(value), reason);
}

/** The resource of the documents by whose ARN a value begins. */
export function namedByArn({ inventory }: Model, value: Value): Resource | undefined {
  const first = value instanceof Template ? value.parts[0] : value;
  if (first instanceof Ref) return first.resource.mode === 'managed' && isOwnArn(first) ? first.resource : undefined;
  if (typeof first !== 'string') return undefined;
  return inventory.resources.find(
    (each) =>
      each.mode === 'managed' &&
      ['arn', 'execution_arn'].some((key) => {
        const arn = each.keys.includes(key) ? each.get(key) : undefined;
        return typeof arn === 'string' && arn !== '' && (first === arn || /^[/:]/.test(first.split(arn)[1] ?? ''));
      }),
  );
}
