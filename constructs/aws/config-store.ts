import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App, AssetType, TerraformAsset, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { bundleHash } from '../../lib/delivery';
import { policyDocument, type PolicyStatement } from '../../lib/network';
import { AwsFacts } from './aws-facts';
import { withName, type Tags } from './tags';

/** Where objects stand in the bucket. */
export const CONFIG_PREFIX = 'config';

/** An object takes ten tags (S3 User Guide, "Categorizing your objects using tags"), which those of the provider alone may exceed; the bucket has them. */
const WITHOUT_TAGS = { overrideProvider: { defaultTags: { tags: {} } } } as const;

export interface ConfigStoreProps {
  readonly environmentName: string;
  /** The compiled configuration, as one text. */
  readonly bundle: string;
  /** The only role that reads it, beside whoever deploys. */
  readonly readerRoleArn: string;
  /** The endpoint through which alone that role may read. @default - any way */
  readonly vpcEndpointId?: string;
  readonly kmsKeyArn?: string;
  readonly tags?: Tags;
}

/**
 * A private bucket with the gateway's configuration as an object named by its hash, and a pointer to it. A changed policy is a new
 * object and a new pointer; nothing else of the gateway changes.
 */
export class ConfigStore extends Construct {
  readonly bucket: S3Bucket;
  readonly bucketName: string;
  /** What tasks wait for. */
  readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ConfigStoreProps) {
    super(scope, id);
    const name = ConfigStore.bucketNameFor(AwsFacts.of(this), props.environmentName);
    // What is in it comes from the policy, so it may go with the stack.
    this.bucket = new S3Bucket(this, 'Resource', {
      bucket: name,
      forceDestroy: true,
      tags: withName(props.tags, name),
    });
    this.bucketName = this.bucket.id;
    const guards = this.makePrivate(props);
    const object = this.putBundle(props, guards);
    const pointer = new S3Object(this, 'Pointer', {
      bucket: this.bucketName,
      key: `${CONFIG_PREFIX}/current`,
      content: `${bundleHash(props.bundle)}\n`,
      contentType: 'text/plain',
      dependsOn: [object],
      ...WITHOUT_TAGS,
    });
    this.dependables = [pointer, ...guards];
  }

  /** The bucket's name, known without the bucket: endpoint policies of another stack can name it. */
  static bucketNameFor(facts: AwsFacts, environmentName: string): string {
    return `${environmentName}-config-${facts.account}-${facts.region}`;
  }

  private putBundle(props: ConfigStoreProps, dependsOn: ITerraformDependable[]): S3Object {
    const hash = bundleHash(props.bundle);
    const asset = new TerraformAsset(this, 'Bundle', {
      path: writeSource(this, hash, props.bundle),
      type: AssetType.FILE,
      assetHash: hash,
    });
    return new S3Object(this, 'Object', {
      bucket: this.bucketName,
      key: `${CONFIG_PREFIX}/${hash}`,
      source: asset.path,
      contentType: 'text/plain; charset=utf-8',
      dependsOn,
      ...WITHOUT_TAGS,
      // The new one, then the pointer, then the old one goes.
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private makePrivate(props: ConfigStoreProps): ITerraformDependable[] {
    const bucket = this.bucketName;
    const block = new S3BucketPublicAccessBlock(this, 'PublicAccessBlock', {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const versioning = new S3BucketVersioningA(this, 'Versioning', {
      bucket,
      versioningConfiguration: { status: 'Enabled' },
    });
    const encryption = new S3BucketServerSideEncryptionConfigurationA(this, 'Encryption', {
      bucket,
      rule: [encryptionRule(props.kmsKeyArn)],
    });
    new S3BucketOwnershipControls(this, 'Ownership', { bucket, rule: { objectOwnership: 'BucketOwnerEnforced' } });
    new S3BucketLifecycleConfiguration(this, 'Lifecycle', {
      bucket,
      rule: [
        {
          id: 'old-configurations',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          noncurrentVersionExpiration: [{ noncurrentDays: 90 }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
        },
      ],
      dependsOn: [versioning],
    });
    new S3BucketPolicy(this, 'Policy', { bucket, policy: policyDocument(this.denials(props)), dependsOn: [block] });
    return [block, versioning, encryption];
  }

  private denials({ readerRoleArn, vpcEndpointId }: ConfigStoreProps): PolicyStatement[] {
    const all = [this.bucket.arn, `${this.bucket.arn}/*`];
    const Principal = '*';
    const plain: PolicyStatement = {
      Sid: 'OnlyTls',
      Effect: 'Deny',
      Principal,
      Action: 's3:*',
      Resource: all,
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    };
    if (vpcEndpointId === undefined) return [plain];
    return [
      plain,
      {
        Sid: 'ReaderThroughEndpointOnly',
        Effect: 'Deny',
        Principal,
        Action: 's3:*',
        Resource: all,
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': readerRoleArn },
          StringNotEquals: { 'aws:SourceVpce': vpcEndpointId },
        },
      },
    ];
  }
}

function encryptionRule(kmsKeyArn: string | undefined) {
  if (kmsKeyArn === undefined) return { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } };
  return {
    applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: kmsKeyArn },
    bucketKeyEnabled: true,
  };
}

/** An asset is copied from a file when the app is written, so the file stands where the app is written to. */
function writeSource(scope: Construct, hash: string, text: string): string {
  const folder = resolve(App.of(scope).outdir, 'mcp-egress', hash);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'gateway-config.tsv');
  writeFileSync(path, text);
  return path;
}
