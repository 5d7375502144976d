import {
  MAX_ENDPOINT_POLICY_LENGTH,
  policyDocument,
  PolicyDocumentError,
  type PolicyStatement,
} from '../../../lib/network';

const read = (Resource: string | string[]): PolicyStatement => ({
  Resource,
  Action: ['s3:GetObject'],
  Effect: 'Allow',
  Sid: 'Read',
});

test('minified, with its keys in one order', () => {
  const statement: PolicyStatement = {
    Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } },
    ...read('*'),
    Principal: '*',
  };
  expect(policyDocument([statement])).toBe(
    '{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Principal":"*","Action":["s3:GetObject"],"Resource":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}}]}',
  );
});

test('what is not given is not written', () => {
  expect(
    policyDocument([{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }]),
  ).toBe(
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
  );
});

test('no two statements have one Sid', () => {
  const { Statement } = JSON.parse(
    policyDocument([read('a'), read('b'), { ...read('c'), Sid: 'Read2' }, read('d')]),
  ) as { Statement: { Sid: string }[] };
  expect(Statement.map(({ Sid }) => Sid)).toEqual(['Read', 'Read2', 'Read22', 'Read3']);
});

describe('length', () => {
  const rest = policyDocument([read('x')]).length - 1;
  const longest = 'x'.repeat(MAX_ENDPOINT_POLICY_LENGTH - rest);

  test('20,480 characters are taken, one more is not', () => {
    expect(policyDocument([read(longest)])).toHaveLength(20_480);
    expect(() => policyDocument([read(`${longest}x`)])).toThrow(
      'the policy document has 20481 characters, and AWS takes 20480; name fewer resources',
    );
  });

  test('tokens count as nothing, what stands beside them counts', () => {
    const token = '${TfToken[TOKEN.12]}';
    expect(policyDocument([read(`${longest}${token}`)])).toContain(token);
    expect(() => policyDocument([read(`${longest}x${token}`)])).toThrow('has 20481 characters');
  });

  test('another kind of policy has another limit', () => {
    expect(() => policyDocument([read('x')], { maxLength: 50 })).toThrow('AWS takes 50');
  });
});

test('all problems at once', () => {
  const statements: PolicyStatement[] = [
    { ...read([]), Sid: 'No resource' },
    { ...read('*'), Action: [] },
  ];
  expect(() => policyDocument(statements)).toThrow(PolicyDocumentError);
  expect(() => policyDocument(statements)).toThrow(
    [
      'statement "No resource" names no action or no resource; name one, or leave the statement out',
      'statement "Read" names no action or no resource; name one, or leave the statement out',
      'Sid "No resource" is not allowed; write letters and digits alone',
    ].join('\n'),
  );
  expect(() => policyDocument([])).toThrow('a policy document without statements is refused by AWS');
});
