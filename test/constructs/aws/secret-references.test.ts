import { Token } from 'cdktf';
import { secretAccess, secretProblem, secretServices } from '../../../constructs/aws/secret-references';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:name-AbCdEf';
const PARAMETER = 'arn:aws-cn:ssm:cn-north-1:123456789012:parameter/a/b';
const token = Token.asString({ resolve: () => 'x' });

test.each([SECRET, `${SECRET}:json-key::`, PARAMETER, token, `${token}:json-key::`])(
  '%s is a reference',
  (reference) => {
    expect(secretProblem('KEY', reference)).toBeUndefined();
  },
);

test.each(['hunter2', 'name-AbCdEf', 'arn:aws:s3:::bucket', 'arn:aws:ssm:eu-central-1:123456789012:document/x', ''])(
  '%p is not, and is not repeated',
  (reference) => {
    const problem = secretProblem('KEY', reference) ?? '';
    expect(problem).toMatch(/^secrets: KEY is not the ARN of a secret .*; values do not belong here\.$/);
    if (reference !== '') expect(problem).not.toContain(reference);
  },
);

test('IAM is told of the secret, not of one value in it, and of each once', () => {
  expect(secretServices([`${SECRET}:key:AWSCURRENT:`, SECRET, PARAMETER])).toEqual([
    ['secretsmanager', [expect.objectContaining({ resources: [SECRET] })]],
    ['ssm', [expect.objectContaining({ resources: [PARAMETER] })]],
  ]);
  expect(secretServices([])).toEqual([]);
});

test('a token counts as a secret of Secrets Manager, unless its text says otherwise', () => {
  const parameter = `arn:aws:ssm:eu-central-1:${token}:parameter/a`;
  expect(secretServices([token, parameter]).map(([service, [access]]) => [service, access?.resources])).toEqual([
    ['secretsmanager', [token]],
    ['ssm', [parameter]],
  ]);
});

test('keys of one’s own are to be decrypted with', () => {
  expect(secretAccess([SECRET]).map(({ sid }) => sid)).toEqual(['SecretsRead']);
  expect(secretAccess([SECRET], ['arn:key']).map(({ sid }) => sid)).toEqual(['SecretsRead', 'KmsDecrypt']);
  expect(secretAccess([])).toEqual([]);
});
