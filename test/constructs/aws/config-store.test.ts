import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Testing, TerraformStack } from 'cdktf';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { ConfigStore, type ConfigStoreProps } from '../../../constructs/aws/config-store';
import { bundleHash } from '../../../lib/delivery';
import { synthesized, Synthesized, type Attributes } from '../support/synth';

const BUNDLE = 'mcp-egress-config\t1\n';
const HASH = bundleHash(BUNDLE);

function store(
  props: Partial<ConfigStoreProps> = {},
  look: (store: ConfigStore) => void = () => undefined,
): Synthesized {
  return synthesized((scope) =>
    look(
      new ConfigStore(scope, 'store', { environmentName: 'env', bundle: BUNDLE, readerRoleArn: 'arn:role', ...props }),
    ),
  );
}

function object(stack: Synthesized, key: string): Attributes {
  const [found] = stack.list('aws_s3_object').filter((each) => each.key === key);
  if (!found) throw new Error(`no object ${key}`);
  return found;
}

test('the configuration is an object named by its hash, and a pointer names it', () => {
  const stack = store();
  const made = object(stack, `config/${HASH}`);
  expect(made.content).toBeUndefined();
  expect(made.source).toMatch(new RegExp(`^assets/.*/${HASH}/gateway-config\\.tsv$`));
  expect(made.lifecycle).toEqual({ create_before_destroy: true });
  expect(object(stack, 'config/current').content).toBe(`${HASH}\n`);
});

test('the asset is the configuration, byte for byte', () => {
  const app = Testing.app();
  const stack = new TerraformStack(app, 'stack');
  new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
  new ConfigStore(stack, 'store', { environmentName: 'env', bundle: BUNDLE, readerRoleArn: 'arn:role' });
  app.synth();
  const folder = join(app.outdir, 'stacks', 'stack');
  const { source } = object(
    new Synthesized(JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')), []),
    `config/${HASH}`,
  );
  expect(readFileSync(join(folder, source as string), 'utf8')).toBe(BUNDLE);
  rmSync(app.outdir, { recursive: true });
});

test('first the bucket is private, then comes the object, then the pointer', () => {
  const stack = store({}, (made) => {
    expect(made.dependables).toHaveLength(4);
  });
  const before = object(stack, `config/${HASH}`).depends_on as string[];
  expect(before.map((each) => each.split('.')[0])).toEqual([
    'aws_s3_bucket_public_access_block',
    'aws_s3_bucket_versioning',
    'aws_s3_bucket_server_side_encryption_configuration',
  ]);
  const [id] = Object.keys(stack.resources('aws_s3_object')).filter(
    (each) => stack.resources('aws_s3_object')[each]?.source !== undefined,
  );
  expect(object(stack, 'config/current').depends_on).toEqual([`aws_s3_object.${id}`]);
  expect(stack.only('aws_s3_bucket_policy').depends_on).toEqual([
    expect.stringMatching(/^aws_s3_bucket_public_access_/),
  ]);
});

test('another configuration is another object and another pointer, and nothing else changes', () => {
  const [one, two] = [store().json, store({ bundle: 'other' }).json];
  const addresses = (json: typeof one): string[] => Object.keys(json.resource.aws_s3_object as object);
  expect(addresses(two)).toEqual(addresses(one));
  const { aws_s3_object: _one, ...restOne } = one.resource;
  const { aws_s3_object: _two, ...restTwo } = two.resource;
  expect(restTwo).toEqual(restOne);
});

test('nobody outside sees the bucket, and it is versioned, encrypted and tidied', () => {
  const stack = store();
  expect(stack.only('aws_s3_bucket_public_access_block')).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  expect(stack.only('aws_s3_bucket_versioning').versioning_configuration).toEqual({ status: 'Enabled' });
  expect(stack.only('aws_s3_bucket_ownership_controls').rule).toEqual({ object_ownership: 'BucketOwnerEnforced' });
  expect(stack.only('aws_s3_bucket_server_side_encryption_configuration').rule).toEqual([
    { apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } },
  ]);
  expect(stack.only('aws_s3_bucket_lifecycle_configuration').rule[0]).toMatchObject({
    noncurrent_version_expiration: [{ noncurrent_days: 90 }],
  });
});

test('a key of one’s own encrypts it', () => {
  expect(store({ kmsKeyArn: 'arn:key' }).only('aws_s3_bucket_server_side_encryption_configuration').rule).toEqual([
    {
      apply_server_side_encryption_by_default: { sse_algorithm: 'aws:kms', kms_master_key_id: 'arn:key' },
      bucket_key_enabled: true,
    },
  ]);
});

test('only TLS, and the reader only through the endpoint', () => {
  const deny = (stack: Synthesized) => stack.statements(stack.only('aws_s3_bucket_policy'));
  const [plain, ...rest] = deny(store());
  expect(rest).toEqual([]);
  expect(plain).toMatchObject({
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
  expect(plain?.Resource).toEqual([expect.stringMatching(/\.arn\}$/), expect.stringMatching(/\.arn\}\/\*$/)]);
  const [first, second] = deny(store({ vpcEndpointId: 'vpce-1' }));
  expect(first).toEqual(plain);
  expect(second).toMatchObject({
    Sid: 'ReaderThroughEndpointOnly',
    Effect: 'Deny',
    Condition: {
      ArnEquals: { 'aws:PrincipalArn': 'arn:role' },
      StringNotEquals: { 'aws:SourceVpce': 'vpce-1' },
    },
  });
});

test('its name is known without it', () => {
  const stack = store({ tags: { team: 'x' } });
  const { bucket, tags } = stack.only('aws_s3_bucket');
  expect(bucket).toMatch(/^env-config-\$\{data\.aws_caller_identity\..*\}-\$\{data\.aws_region\..*\}$/);
  expect(tags).toEqual({ Name: bucket, team: 'x' });
  // An object takes ten, and those of the provider come on top.
  for (const each of stack.list('aws_s3_object')) {
    expect(each.tags).toBeUndefined();
    expect(each.override_provider).toEqual({ default_tags: { tags: {} } });
  }
});
