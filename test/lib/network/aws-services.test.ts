import {
  AWS_SERVICES,
  awsService,
  bucketDnsName,
  firewallDomains,
  NO_POLICY_SUPPORT,
  serviceName,
  type AwsServiceId,
} from '../../../lib/network';

const PLACE = { account: '111122223333', region: 'eu-west-1', dnsSuffix: 'amazonaws.com' };
const TOKENS = { account: '${TfToken[TOKEN.0]}', region: '${TfToken[TOKEN.1]}', dnsSuffix: '${TfToken[TOKEN.2]}' };

test('ids are unique, and each entry says where its facts come from', () => {
  const ids = AWS_SERVICES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(AWS_SERVICES.filter(({ source, title }) => source === '' || title === '')).toEqual([]);
  for (const id of ids) expect(awsService(id).id).toBe(id);
  expect(() => awsService('s4' as AwsServiceId)).toThrow('"s4" is not in the catalogue; it has ecr.api, ecr.dkr,');
});

test('names of endpoint services', () => {
  expect(serviceName('ecr.api', 'eu-west-1')).toBe('com.amazonaws.eu-west-1.ecr.api');
  expect(AWS_SERVICES.filter(({ id, suffix }) => id !== suffix).map(({ id, suffix }) => [id, suffix])).toEqual([
    ['s3-interface', 's3'],
  ]);
});

test.each<[AwsServiceId, string[]]>([
  ['ecr.api', ['api.ecr.eu-west-1.amazonaws.com']],
  ['ecr.dkr', ['111122223333.dkr.ecr.eu-west-1.amazonaws.com']],
  ['s3', ['s3.eu-west-1.amazonaws.com', 'prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com']],
  ['dynamodb', ['dynamodb.eu-west-1.amazonaws.com', '111122223333.ddb.eu-west-1.amazonaws.com']],
  ['logs', ['logs.eu-west-1.amazonaws.com']],
  ['bedrock-agent-runtime', ['bedrock-agent-runtime.eu-west-1.amazonaws.com']],
  ['aoss', ['*.eu-west-1.aoss.amazonaws.com']],
])('names that %s answers under', (id, names) => expect(awsService(id).dnsNames(PLACE)).toEqual(names));

test("the agent's numbered hosts are named one by one", () => {
  const names = awsService('ecs-telemetry').dnsNames(PLACE);
  expect(names.slice(0, 3)).toEqual([
    'ecs-t.eu-west-1.amazonaws.com',
    'ecs-t-1.eu-west-1.amazonaws.com',
    'ecs-t-2.eu-west-1.amazonaws.com',
  ]);
});

test('DNS Firewall takes all names, also those of tokens, and none of them is open to strangers', () => {
  for (const place of [PLACE, TOKENS]) {
    const domains = firewallDomains(AWS_SERVICES.flatMap((service) => service.dnsNames(place)));
    expect(domains.length).toBeGreaterThan(AWS_SERVICES.length);
    expect(domains.filter((domain) => domain.startsWith('*.'))).toEqual([`*.${place.region}.aoss.${place.dnsSuffix}.`]);
  }
});

test('the services without endpoint policies say so', () => {
  expect(NO_POLICY_SUPPORT).toEqual(['ecs-agent', 'ecs-telemetry', 'aoss', 'ssmmessages']);
  for (const id of NO_POLICY_SUPPORT) expect(awsService(id).note).toMatch(/no endpoint policy/i);
});

test('gateway endpoints have no private DNS, interface endpoints have', () => {
  for (const { endpoint, privateDns } of AWS_SERVICES) expect(privateDns).toBe(endpoint !== 'Gateway');
});

test('a bucket has a name of its own', () => {
  expect(bucketDnsName('docs', PLACE)).toBe('docs.s3.eu-west-1.amazonaws.com');
});
