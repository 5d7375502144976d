import {
  decryptWithKeys,
  endpointStatements,
  layerBucketStatement,
  pullImages,
  s3Objects,
  type EndpointCallers,
} from '../../../lib/network';

const ACCOUNT = '111122223333';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/gateway`;

test('callers must be of the account', () => {
  expect(
    endpointStatements(pullImages(['arn:aws:ecr:eu-west-1:111122223333:repository/mcp']), { account: ACCOUNT }),
  ).toEqual([
    {
      Sid: 'EcrLogin',
      Effect: 'Allow',
      Principal: '*',
      Action: ['ecr:GetAuthorizationToken'],
      Resource: ['*'],
      Condition: { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } },
    },
    {
      Sid: 'EcrPull',
      Effect: 'Allow',
      Principal: '*',
      Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      Resource: ['arn:aws:ecr:eu-west-1:111122223333:repository/mcp'],
      Condition: { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } },
    },
  ]);
});

test.each<[string, EndpointCallers, object]>([
  [
    'an organisation',
    { account: ACCOUNT, organizationId: 'o-a1b2c3' },
    { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3' } },
  ],
  [
    'some roles',
    { account: ACCOUNT, roleArns: [ROLE] },
    { StringEquals: { 'aws:PrincipalAccount': ACCOUNT }, ArnEquals: { 'aws:PrincipalArn': [ROLE] } },
  ],
])('callers can be of %s', (_, callers, condition) => {
  const [statement] = endpointStatements(pullImages(['arn:x']), callers);
  expect(statement?.Condition).toEqual(condition);
});

test('conditions on the resource stand beside those on the caller', () => {
  const access = s3Objects({ bucketArn: 'arn:aws:s3:::docs', owner: { account: ACCOUNT } });
  const [statement] = endpointStatements(access, { account: ACCOUNT, roleArns: [ROLE] });
  expect(statement?.Condition).toEqual({
    StringEquals: { 'aws:PrincipalAccount': ACCOUNT, 'aws:ResourceAccount': ACCOUNT },
    ArnEquals: { 'aws:PrincipalArn': [ROLE] },
  });
  const [decrypt] = endpointStatements(decryptWithKeys(['arn:key'], { viaService: 's3.eu-west-1.amazonaws.com' }), {
    account: ACCOUNT,
  });
  expect(decrypt?.Condition?.StringEquals).toEqual({
    'aws:PrincipalAccount': ACCOUNT,
    'kms:ViaService': 's3.eu-west-1.amazonaws.com',
  });
});

test('image layers: one bucket, reading only, nobody pinned', () => {
  expect(layerBucketStatement({ partition: 'aws', region: 'eu-west-1' })).toEqual({
    Sid: 'EcrLayers',
    Effect: 'Allow',
    Principal: '*',
    Action: ['s3:GetObject'],
    Resource: ['arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*'],
  });
});
