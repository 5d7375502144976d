import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import { Problems } from '../problems';

/** ARNs of one prop, and what they have to look like. */
export interface ArnList {
  readonly prop: string;
  readonly arns: readonly string[] | undefined;
  /** How AWS writes one, for people: `arn:aws:kendra:R:ACCOUNT:index/ID`. */
  readonly form: string;
  readonly pattern: RegExp;
}

/** `arn:<partition>:<service>:<region>:<account>:` of a service that is in one region. */
export function arnOf(service: string, resource: string): RegExp {
  return new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:\\d{12}:${resource}$`);
}

/** Keys of KMS; an alias is no resource of a statement. */
export const KEY_ARNS = { form: 'arn:aws:kms:R:ACCOUNT:key/ID', pattern: arnOf('kms', 'key/[a-zA-Z0-9-]+') } as const;

/** Notes what is wrong with ARNs: a list that is a token, and entries of another form. */
export function checkArnList(problems: Problems, { prop, arns = [], form, pattern }: ArnList): void {
  if (Token.isUnresolved(arns)) {
    problems.check(false, `${prop}: the list is not known at synth; write it as a list of ARNs (each may be a token).`);
    return;
  }
  for (const arn of arns) problems.match(prop, arn, pattern, `of the form ${form}`);
}

/**
 * Checks what all knowledge bases have: ARNs, one of them at least, and the organisation's id.
 * @param required props of which one at least must name something
 * @throws {PropsError}
 */
export function checkKnowledge(
  scope: Construct,
  organizationId: string | undefined,
  required: readonly ArnList[],
  optional: readonly ArnList[] = [],
  more: (problems: Problems) => void = () => undefined,
): void {
  const problems = new Problems(scope);
  const names = required.map(({ prop }) => prop).join(' and ');
  problems.check(
    required.some(({ arns = [] }) => Token.isUnresolved(arns) || arns.length > 0),
    `${names}: nothing named; an endpoint for nothing would be refused by AWS, so name one ARN at least (${required[0]?.form}).`,
  );
  for (const list of [...required, ...optional]) checkArnList(problems, list);
  problems.match('organizationId', organizationId, /^o-[a-z0-9]{10,32}$/, 'the id of an organisation (o-…)');
  more(problems);
  problems.throwIfAny();
}
