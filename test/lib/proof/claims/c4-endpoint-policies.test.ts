import {
  add,
  claimOf,
  failing,
  findings,
  get,
  PINNED,
  policy,
  proveChanged,
  type Stack,
} from '../../../proof/support/sealed';

const CALLER = '${data.aws_caller_identity.here.account_id}';
const WHO = { StringEquals: { 'aws:PrincipalAccount': CALLER } };
const ALLOW = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
const DENY = { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' };
const BOTH = { 'aws:PrincipalAccount': CALLER, 'aws:ResourceAccount': CALLER };
const set = (stack: Stack, ...statements: readonly object[]): void => {
  get(stack, 'aws_vpc_endpoint', 's3').policy = policy(...statements);
};

describe('C4: endpoint policies', () => {
  it.each<[string, readonly object[], RegExp]>([
    ['everything', [ALLOW], /callers of any account/],
    ['the principal alone', [{ ...ALLOW, Condition: WHO }], /of any account: a stranger's as well as ours/],
    [
      'the resource alone',
      [{ ...ALLOW, Condition: { StringEquals: { 'aws:ResourceAccount': CALLER } } }],
      /callers of any account/,
    ],
    ['...IfExists', [{ ...ALLOW, Condition: { StringEqualsIfExists: BOTH } }], /callers of any account/],
    ['ForAllValues', [{ ...ALLOW, Condition: { 'ForAllValues:StringEquals': BOTH } }], /callers of any account/],
    [
      'aws:SourceVpc',
      [{ ...ALLOW, Condition: { StringEquals: { 'aws:SourceVpc': '${aws_vpc.main.id}' } } }],
      /callers of any account/,
    ],
    [
      'a policy variable',
      [
        {
          ...ALLOW,
          Condition: {
            StringEquals: {
              'aws:PrincipalAccount': '$${aws:ResourceAccount}',
              'aws:ResourceAccount': '$${aws:PrincipalAccount}',
            },
          },
        },
      ],
      /callers of any account/,
    ],
    [
      'a wildcard under StringLike',
      [{ ...ALLOW, Condition: { StringLike: { 'aws:PrincipalAccount': '*', 'aws:ResourceAccount': CALLER } } }],
      /callers of any account/,
    ],
    [
      'a bucket with a wildcard',
      [{ ...ALLOW, Action: 's3:*', Resource: 'arn:aws:s3:::acme-*', Condition: WHO }],
      /of any account/,
    ],
    [
      'a longer bucket than ours',
      [{ ...ALLOW, Action: 's3:*', Resource: '${aws_s3_bucket.own.arn}*', Condition: WHO }],
      /of any account/,
    ],
    [
      'NotResource',
      [{ Effect: 'Allow', Principal: '*', Action: '*', NotResource: 'arn:aws:s3:::x', Condition: WHO }],
      /of any account/,
    ],
    [
      'NotPrincipal',
      [{ Effect: 'Allow', NotPrincipal: { AWS: '1'.repeat(12) }, Action: '*', Resource: '*' }],
      /callers of any account/,
    ],
    [
      'a Deny whose keys are joined',
      [ALLOW, { ...DENY, Condition: { StringNotEquals: BOTH } }],
      /callers of any account/,
    ],
    ['a Deny of one side', [ALLOW, { ...DENY, Condition: { StringNotEquals: WHO.StringEquals } }], /of any account/],
    [
      'a Deny of some actions',
      [ALLOW, { ...DENY, Action: 's3:PutObject', Condition: { StringNotEquals: WHO.StringEquals } }],
      /callers of any account/,
    ],
    ['a Deny of some callers', [ALLOW, { ...DENY, Principal: { AWS: '1'.repeat(12) } }], /callers of any account/],
    [
      'writing to the layer bucket',
      [PINNED, { ...ALLOW, Action: 's3:*', Resource: 'arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*' }],
      /callers of any account/,
    ],
    [
      'a wildcard in the layer bucket',
      [PINNED, { ...ALLOW, Action: 's3:GetObject', Resource: 'arn:aws:s3:::prod-*-starport-layer-bucket/*' }],
      /callers of any account/,
    ],
    [
      'foundation models for anybody',
      [{ ...ALLOW, Action: 'bedrock:InvokeModel', Resource: 'arn:aws:bedrock:*::foundation-model/*' }],
      /callers of any account/,
    ],
  ])('a policy that pins %s not breaks it', (_, statements, message) => {
    const proof = proveChanged((stack) => {
      add(stack, 'aws_s3_bucket', 'own', { bucket: 'acme' });
      set(stack, ...statements);
    });
    expect(failing(proof)).toEqual(['C4 broken']);
    expect(findings(proof, 'C4').join('\n')).toMatch(message);
    expect(proof.completePath).toBeUndefined();
  });

  it.each<[string, readonly object[]]>([
    [
      'an organisation',
      [{ ...ALLOW, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1', 'aws:ResourceOrgID': 'o-1' } } }],
    ],
    [
      'a principal of one account',
      [
        {
          ...ALLOW,
          Principal: { AWS: ['arn:aws:iam::111111111111:root'] },
          Action: 's3:*',
          Resource: ['arn:aws:s3:::acme', 'arn:aws:s3:::acme/*'],
        },
      ],
    ],
    [
      'our own bucket',
      [
        {
          ...ALLOW,
          Action: 's3:*',
          Resource: ['${aws_s3_bucket.own.arn}', '${aws_s3_bucket.own.arn}/*'],
          Condition: WHO,
        },
      ],
    ],
    [
      'ARNs with an account',
      [
        {
          ...ALLOW,
          Action: 'dynamodb:*',
          Resource: `arn:aws:dynamodb:eu-west-1:${CALLER}:table/*`,
          Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${CALLER}:role/*` } },
        },
      ],
    ],
    [
      'two Deny statements',
      [
        ALLOW,
        { ...DENY, Condition: { StringNotEquals: { 'aws:PrincipalAccount': CALLER } } },
        { ...DENY, Condition: { StringNotEqualsIfExists: { 'aws:ResourceAccount': CALLER } } },
      ],
    ],
    [
      'a Deny that leaves out AWS services',
      [
        { ...ALLOW, Condition: WHO },
        {
          ...DENY,
          Condition: {
            StringNotEqualsIfExists: { 'aws:ResourceOrgID': 'o-1' },
            BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
          },
        },
      ],
    ],
    [
      'a Deny with exceptions of the catalogue',
      [
        { ...ALLOW, Condition: WHO },
        {
          Effect: 'Deny',
          Principal: '*',
          NotAction: 'ecr:GetAuthorizationToken',
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:ResourceAccount': CALLER } },
        },
      ],
    ],
    ['an action without resources', [{ ...ALLOW, Action: 'ecr:GetAuthorizationToken', Condition: WHO }]],
    [
      'foundation models',
      [
        {
          ...ALLOW,
          Action: ['bedrock:InvokeModel'],
          Resource: 'arn:aws:bedrock:eu-west-1::foundation-model/*',
          Condition: WHO,
        },
      ],
    ],
    ['nothing', [DENY]],
  ])('a policy that pins %s keeps it', (_, statements) => {
    const proof = proveChanged((stack) => {
      add(stack, 'aws_s3_bucket', 'own', { bucket: 'acme' });
      set(stack, ...statements);
    });
    expect(failing(proof)).toEqual([]);
  });

  it('does not know an account by variable, which may hold a variable of IAM', () => {
    const accounts = { 'aws:PrincipalAccount': '${var.account}', 'aws:ResourceAccount': '${var.account}' };
    const proof = proveChanged((stack) => set(stack, { ...ALLOW, Condition: { StringEquals: accounts } }));
    expect(failing(proof)).toEqual(['C4 unproven']);
  });

  it('reads jsonencode and aws_iam_policy_document', () => {
    const encoded =
      '${jsonencode({"Version" = "2012-10-17", "Statement" = [{"Effect" = "Allow", "Principal" = "*", "Action" = "*", "Resource" = "*"}]})}';
    expect(failing(proveChanged((stack) => (get(stack, 'aws_vpc_endpoint', 's3').policy = encoded)))).toEqual([
      'C4 broken',
    ]);
    const document = (conditions: object[]) =>
      proveChanged((stack) => {
        stack.data.aws_iam_policy_document = {
          p: {
            statement: [
              {
                actions: ['*'],
                resources: ['*'],
                principals: [{ type: '*', identifiers: ['*'] }],
                condition: conditions,
              },
            ],
          },
        };
        get(stack, 'aws_vpc_endpoint', 's3').policy = '${data.aws_iam_policy_document.p.json}';
      });
    const key = (variable: string) => ({ test: 'StringEquals', variable, values: [CALLER] });
    expect(failing(document([key('aws:PrincipalAccount'), key('aws:ResourceAccount')]))).toEqual([]);
    expect(failing(document([key('aws:PrincipalAccount')]))).toEqual(['C4 broken']);
  });

  it("finds endpoints without a policy, and somebody else's services", () => {
    const none = proveChanged((stack) => delete get(stack, 'aws_vpc_endpoint', 'logs').policy);
    expect(findings(none, 'C4')).toEqual([
      'aws_vpc_endpoint.logs (logs) has no policy, so it lets any caller reach any account',
    ]);
    const foreign = proveChanged(
      (stack) => (get(stack, 'aws_vpc_endpoint', 'logs').service_name = 'com.amazonaws.vpce.eu-west-1.vpce-svc-1'),
      {
        accept: [{ claim: 'C4', reason: 'our vendor' }],
      },
    );
    expect(claimOf(foreign, 'C4').status).toBe('broken');
    expect(findings(foreign, 'C4')[0]).toContain("a path into somebody else's network");
    expect(foreign.verdict).toBe('sealed');
    expect(foreign.accepted).toEqual([{ claim: 'C4', reason: 'our vendor' }]);
  });

  it('names services that take no policy, and counts a policy that stands apart', () => {
    const agent = proveChanged((stack) => {
      const endpoint = get(stack, 'aws_vpc_endpoint', 'logs');
      delete endpoint.policy;
      endpoint.service_name = 'com.amazonaws.eu-west-1.ecs-agent';
    });
    expect(failing(agent)).toEqual([]);
    expect(claimOf(agent, 'C4').evidence.join('\n')).toContain('Amazon ECS agent takes no endpoint policy');
    const apart = (statement: object) =>
      proveChanged((stack) => {
        delete get(stack, 'aws_vpc_endpoint', 'logs').policy;
        add(stack, 'aws_vpc_endpoint_policy', 'p', {
          vpc_endpoint_id: '${aws_vpc_endpoint.logs.id}',
          policy: policy(statement),
        });
      });
    expect(failing(apart(PINNED))).toEqual([]);
    expect(failing(apart(ALLOW))).toEqual(['C4 broken']);
  });

  it.each<[string, (stack: Stack) => void]>([
    ['a policy by variable', (stack) => (get(stack, 'aws_vpc_endpoint', 's3').policy = '${var.policy}')],
    ['a policy of a file', (stack) => (get(stack, 'aws_vpc_endpoint', 's3').policy = '${file("policy.json")}')],
    [
      'a bucket by variable',
      (stack) => set(stack, { ...ALLOW, Action: 's3:*', Resource: 'arn:aws:s3:::${var.bucket}/*', Condition: WHO }),
    ],
    ['a service by variable', (stack) => (get(stack, 'aws_vpc_endpoint', 'logs').service_name = '${var.service}')],
  ])('%s leaves it unproven', (_, change) => {
    expect(failing(proveChanged(change))).toEqual(['C4 unproven']);
  });
});
