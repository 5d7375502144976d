import type { PolicyStatement } from './policy-document';

/**
 * One statement in place of all that differ in their resources alone: what sixty workloads add to one endpoint would otherwise be longer than
 * AWS takes ({@link MAX_ENDPOINT_POLICY_LENGTH}). It allows neither more nor less.
 *
 * @returns in the order in which each came first, as are the resources in it
 */
export function mergeStatements(statements: readonly PolicyStatement[]): PolicyStatement[] {
  const merged = new Map<string, { statement: PolicyStatement; resources: Set<string> }>();
  for (const statement of statements) {
    const { Resource, ...rest } = statement;
    // Without resources (a trust policy) only its equal is the same.
    const key = JSON.stringify([rest, Resource === undefined]);
    const known = merged.get(key) ?? { statement, resources: new Set<string>() };
    for (const each of Resource === undefined ? [] : [Resource].flat()) known.resources.add(each);
    merged.set(key, known);
  }
  return [...merged.values()].map(({ statement, resources }) =>
    statement.Resource === undefined ? statement : { ...statement, Resource: [...resources] },
  );
}
