import { quote } from '../policy/quote';
import { PolicyDocumentError } from './errors';
import { literalParts } from './token';

/** One value, or several of which one must fit. */
export type OneOrMore = string | readonly string[];

/** Operator -> condition key -> values. */
export type PolicyCondition = Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;

/** A statement of an IAM policy, in IAM's own words (IAM User Guide, "IAM JSON policy elements reference"). */
export interface PolicyStatement {
  /** Letters and digits. Where two statements have one, the later gets a number behind it. */
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  /** Required in an endpoint policy, refused in an identity policy. */
  readonly Principal?: '*' | Readonly<Record<string, OneOrMore>>;
  readonly Action: OneOrMore;
  /** Left out only in a role's trust policy. */
  readonly Resource?: OneOrMore;
  readonly Condition?: PolicyCondition;
}

export interface PolicyDocumentOptions {
  /** Characters, white space included. @default 20480, an endpoint policy's */
  readonly maxLength?: number;
}

/** The longest endpoint policy, white space included (AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint policies"). */
export const MAX_ENDPOINT_POLICY_LENGTH = 20_480;

/**
 * A policy document: minified JSON, version 2012-10-17, keys in a fixed order.
 * @param statements at least one; lists in them keep their order
 * @throws {PolicyDocumentError} no statement, a bad `Sid`, or too long; tokens, whose length nobody knows yet, count as nothing
 */
export function policyDocument(statements: readonly PolicyStatement[], options: PolicyDocumentOptions = {}): string {
  const { maxLength = MAX_ENDPOINT_POLICY_LENGTH } = options;
  const text = JSON.stringify({ Version: '2012-10-17', Statement: withUniqueSids(statements).map(inOrder) });
  const problems = [...statementProblems(statements), ...lengthProblems(text, maxLength)];
  if (problems.length > 0) throw new PolicyDocumentError(problems);
  return text;
}

function inOrder({ Sid, Effect, Principal, Action, Resource, Condition }: PolicyStatement): PolicyStatement {
  return {
    ...(Sid !== undefined && { Sid }),
    Effect,
    ...(Principal !== undefined && { Principal }),
    Action,
    ...(Resource !== undefined && { Resource }),
    ...(Condition !== undefined && { Condition }),
  };
}

/** AWS refuses a document in which two statements have one `Sid`. */
function withUniqueSids(statements: readonly PolicyStatement[]): PolicyStatement[] {
  const taken = new Set<string>();
  return statements.map((statement) => {
    if (statement.Sid === undefined) return statement;
    let Sid = statement.Sid;
    for (let next = 2; taken.has(Sid); next += 1) Sid = `${statement.Sid}${next}`;
    taken.add(Sid);
    return { ...statement, Sid };
  });
}

function statementProblems(statements: readonly PolicyStatement[]): string[] {
  if (statements.length === 0) {
    return ['a policy document without statements is refused by AWS; name what it allows, or leave the policy out'];
  }
  const empty = statements.filter(({ Action, Resource }) => Action.length === 0 || Resource?.length === 0);
  const sids = statements.flatMap(({ Sid }) => (Sid === undefined || /^[A-Za-z0-9]+$/.test(Sid) ? [] : [Sid]));
  return [
    ...empty.map(
      ({ Sid }) => `statement ${quote(Sid ?? '')} names no action or no resource; name one, or leave the statement out`,
    ),
    ...sids.map((sid) => `Sid ${quote(sid)} is not allowed; write letters and digits alone`),
  ];
}

function lengthProblems(text: string, maxLength: number): string[] {
  const length = literalParts(text).join('').length;
  if (length <= maxLength) return [];
  return [
    `the policy document has ${length} characters, and AWS takes ${maxLength}; name fewer resources, or name several by one ARN with a wildcard at its end, like "arn:aws:s3:::docs/public/*"`,
  ];
}
