import { Fn, TerraformVariable, Token } from 'cdktf';
import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter';
import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { secretAccess, secretProblem, secretServices } from '../../../constructs/aws/secret-references';

import { synthesized } from '../support/synth';

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

test('a resource of the app says which it is, with or without a key behind it', () => {
  synthesized((scope) => {
    const secret = new SecretsmanagerSecret(scope, 'secret');
    const made = new SsmParameter(scope, 'made', { name: '/a', type: 'String', value: 'a' });
    const found = new DataAwsSsmParameter(scope, 'found', { name: '/b' });
    const named = new TerraformVariable(scope, 'named', { type: 'string' }).stringValue;
    const [arn, parameters] = [secret.arn, [made.arn, found.arn].sort()];
    const own = Fn.join(':', ['arn', 'aws']);
    expect(
      secretServices([`${arn}:json-key::`, `${named}:key:AWSCURRENT:`, own, ...parameters]).map(([id, [access]]) => [
        id,
        access?.resources,
      ]),
    ).toEqual([
      ['secretsmanager', [arn, named, own].sort()],
      ['ssm', parameters],
    ]);
  });
});

test('keys of one’s own are to be decrypted with', () => {
  expect(secretAccess([SECRET]).map(({ sid }) => sid)).toEqual(['SecretsRead']);
  expect(secretAccess([SECRET], ['arn:key']).map(({ sid }) => sid)).toEqual(['SecretsRead', 'KmsDecrypt']);
  expect(secretAccess([])).toEqual([]);
});
