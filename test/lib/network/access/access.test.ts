import {
  containerAgent,
  decryptWithKeys,
  dynamodbItems,
  endpointStatements,
  identityStatements,
  invokeModels,
  policyDocument,
  pullImages,
  queryKendra,
  readParameters,
  readSecrets,
  retrieveKnowledge,
  s3Objects,
  searchDomains,
  useCollections,
  writeLogs,
  type Access,
} from '../../../../lib/network';

const PLACE = { account: '111122223333', region: 'eu-west-1', partition: 'aws', dnsSuffix: 'amazonaws.com' };
const ARN = 'arn:aws:service:eu-west-1:111122223333:thing/one';
const OWNER = { account: PLACE.account };

/** Every builder, with one resource. */
const BUILT: Record<string, Access[]> = {
  pullImages: pullImages([ARN]),
  s3Objects: s3Objects({
    bucketArn: 'arn:aws:s3:::docs',
    actions: ['GetObject', 'ListBucket', 'PutObject'],
    owner: OWNER,
  }),
  dynamodbRead: dynamodbItems([ARN]),
  dynamodbReadWrite: dynamodbItems([ARN], 'readWrite'),
  writeLogs: writeLogs([ARN]),
  readSecrets: readSecrets([ARN]),
  readParameters: readParameters([ARN]),
  decryptWithKeys: decryptWithKeys([ARN], { viaService: 's3.eu-west-1.amazonaws.com' }),
  invokeModels: invokeModels([ARN]),
  retrieveKnowledge: retrieveKnowledge([ARN], { generate: true }),
  queryKendra: queryKendra([ARN]),
  useCollections: useCollections([ARN]),
  searchDomains: searchDomains([ARN]),
  containerAgent: containerAgent(PLACE, 'main'),
};

/** The actions that have no resource (Service Authorization Reference). */
const WITHOUT_RESOURCE = ['bedrock:RetrieveAndGenerate', 'ecr:GetAuthorizationToken', 'ecs:DiscoverPollEndpoint'];

describe.each(Object.entries(BUILT))('%s', (_, built) => {
  test('names whole actions, sorted, each once', () => {
    for (const { actions } of built) {
      expect(actions).toEqual([...new Set(actions)].sort());
      expect(actions.filter((action) => !/^[a-z0-9]+:[A-Za-z]+$/.test(action))).toEqual([]);
    }
  });

  test('names its resources, but where an action has none', () => {
    const open = built.filter(({ resources }) => resources.includes('*')).flatMap(({ actions }) => actions);
    expect(open.filter((action) => !WITHOUT_RESOURCE.includes(action))).toEqual([]);
    for (const resource of built.flatMap(({ resources }) => resources)) expect(resource).toMatch(/^(\*|arn:.*)$/);
  });

  test('has only conditions that a missing key does not fulfil', () => {
    const conditions = endpointStatements(built, { account: PLACE.account }).map(({ Condition }) => Condition ?? {});
    const operators = conditions.flatMap((condition) => Object.keys(condition));
    expect(new Set(operators)).toContain('StringEquals');
    expect(operators.filter((operator) => !['StringEquals', 'ArnEquals'].includes(operator))).toEqual([]);
    expect(conditions.every(({ StringEquals }) => StringEquals?.['aws:PrincipalAccount'] === PLACE.account)).toBe(true);
  });

  test('makes policies that AWS takes', () => {
    expect(policyDocument(endpointStatements(built, { account: PLACE.account }))).toContain('"Principal":"*"');
    expect(policyDocument(identityStatements(built))).not.toContain('Principal');
  });
});

test('reading is not writing', () => {
  const writes = /:(Put|Delete|Update|Create|BatchWrite|Upload|Initiate)/;
  const reading = [
    'pullImages',
    'dynamodbRead',
    'readSecrets',
    'readParameters',
    'invokeModels',
    'retrieveKnowledge',
    'queryKendra',
  ];
  const actions = reading.flatMap((name) => BUILT[name] ?? []).flatMap((access) => access.actions);
  expect(actions.length).toBeGreaterThan(reading.length);
  expect(actions.filter((action) => writes.test(action))).toEqual([]);
  expect(BUILT.dynamodbReadWrite?.[0]?.actions.filter((action) => writes.test(action))).toHaveLength(4);
});

describe('s3Objects', () => {
  test('reading all objects, unless told otherwise', () => {
    expect(s3Objects({ bucketArn: 'arn:aws:s3:::docs', owner: OWNER })).toEqual([
      {
        sid: 'S3Objects',
        actions: ['s3:GetObject'],
        resources: ['arn:aws:s3:::docs/*'],
        condition: { StringEquals: { 'aws:ResourceAccount': PLACE.account } },
      },
    ]);
  });

  test('some keys; listing is of the bucket', () => {
    const built = s3Objects({
      bucketArn: 'arn:aws:s3:::docs',
      keys: ['config/*', 'current'],
      actions: ['PutObject', 'ListBucket'],
      owner: { organizationId: 'o-a1b2c3' },
    });
    expect(built.map(({ actions, resources }) => [actions, resources])).toEqual([
      [['s3:PutObject'], ['arn:aws:s3:::docs/config/*', 'arn:aws:s3:::docs/current']],
      [['s3:ListBucket'], ['arn:aws:s3:::docs']],
    ]);
    expect(built[1]?.condition).toEqual({ StringEquals: { 'aws:ResourceOrgID': 'o-a1b2c3' } });
  });

  test('listing alone reads nothing', () => {
    const built = s3Objects({ bucketArn: 'arn:aws:s3:::docs', actions: ['ListBucket'], owner: OWNER });
    expect(built.flatMap(({ actions }) => actions)).toEqual(['s3:ListBucket']);
  });
});

test('indexes of a table are named with it', () => {
  expect(dynamodbItems(['arn:t'])[0]?.resources).toEqual(['arn:t', 'arn:t/index/*']);
});

test('a log group is named in the form that its streams have, once', () => {
  expect(writeLogs(['arn:a:log-group:x', 'arn:a:log-group:y:*'])[0]?.resources).toEqual([
    'arn:a:log-group:x:*',
    'arn:a:log-group:y:*',
  ]);
});

test('answers are made only where asked for', () => {
  expect(retrieveKnowledge([ARN]).flatMap(({ actions }) => actions)).toEqual(['bedrock:Retrieve']);
});

test('keys can be bound to a service', () => {
  expect(decryptWithKeys([ARN])[0]).not.toHaveProperty('condition');
  expect(BUILT.decryptWithKeys?.[0]?.condition).toEqual({
    StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
  });
});

test('an instance may join its own cluster alone', () => {
  const cluster = 'arn:aws:ecs:eu-west-1:111122223333:cluster/main';
  const bound = containerAgent(PLACE, 'main').filter(({ actions }) => !actions.includes('ecs:DiscoverPollEndpoint'));
  expect(bound).toHaveLength(3);
  for (const { resources, condition } of bound) {
    expect(resources.join() === cluster || condition?.ArnEquals?.['ecs:cluster'] === cluster).toBe(true);
  }
});
