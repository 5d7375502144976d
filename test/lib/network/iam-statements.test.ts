import { identityStatements, readSecrets, s3Objects } from '../../../lib/network';

test('the same actions on the same resources, and nobody named', () => {
  expect(identityStatements(readSecrets(['arn:secret']))).toEqual([
    { Sid: 'SecretsRead', Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: ['arn:secret'] },
  ]);
});

test('conditions on the resource stay', () => {
  const access = s3Objects({ bucketArn: 'arn:aws:s3:::docs', owner: { organizationId: 'o-a1b2c3' } });
  expect(identityStatements(access)).toEqual([
    {
      Sid: 'S3Objects',
      Effect: 'Allow',
      Action: ['s3:GetObject'],
      Resource: ['arn:aws:s3:::docs/*'],
      Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-a1b2c3' } },
    },
  ]);
});
