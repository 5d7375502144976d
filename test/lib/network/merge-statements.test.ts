import { mergeStatements, type PolicyStatement } from '../../../lib/network';

const allow = (Resource: PolicyStatement['Resource'], rest: Partial<PolicyStatement> = {}): PolicyStatement => ({
  Sid: 'Read',
  Effect: 'Allow',
  Action: ['a:Read'],
  ...(Resource !== undefined && { Resource }),
  ...rest,
});

test('what differs in resources alone is one statement, each resource once and in the order of coming', () => {
  expect(mergeStatements([allow(['b', 'a']), allow('c', { Sid: 'Other' }), allow('c'), allow(['a', 'd'])])).toEqual([
    allow(['b', 'a', 'c', 'd']),
    allow(['c'], { Sid: 'Other' }),
  ]);
});

test.each<Partial<PolicyStatement>>([
  { Action: ['a:Write'] },
  { Effect: 'Deny' },
  { Principal: '*' },
  { Condition: { StringEquals: { key: 'value' } } },
])('%j keeps statements apart', (rest) => {
  const statements = [allow(['a']), allow(['b'], rest)];
  expect(mergeStatements(statements)).toEqual(statements);
});

test('without resources, equal ones are one', () => {
  expect(mergeStatements([allow(undefined), allow(['a']), allow(undefined)])).toEqual([allow(undefined), allow(['a'])]);
});
