import type { Access } from './access';
import type { PolicyStatement } from './policy-document';

/** The statements of a role's own policy that let it do this and no more. */
export function identityStatements(access: readonly Access[]): PolicyStatement[] {
  return access.map(({ sid, actions, resources, condition }) => ({
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
    ...(condition && { Condition: condition }),
  }));
}
