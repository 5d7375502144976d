import { Construct } from 'constructs';
import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { policyDocument, type PolicyStatement } from '../../../lib/network';
import { AwsFacts } from '../aws-facts';
import { withName, type Tags } from '../tags';

export interface AlarmTopicProps {
  readonly topicName: string;
  readonly emailAddresses?: readonly string[];
  /** Its policy must let `cloudwatch.amazonaws.com` use it. @default - a new key */
  readonly kmsKeyArn?: string;
  readonly tags?: Tags;
}

const CLOUDWATCH = { Service: 'cloudwatch.amazonaws.com' } as const;

/**
 * An encrypted SNS topic to which alarms of this account alone publish. The key is one of its own, since alarms cannot use the one that
 * AWS manages for SNS (SNS developer guide, "Enable compatibility between event sources from AWS services and encrypted topics").
 */
export class AlarmTopic extends Construct {
  readonly topicArn: string;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const { topicName, emailAddresses = [], tags } = props;
    const topic = new SnsTopic(this, 'Resource', {
      name: topicName,
      kmsMasterKeyId: props.kmsKeyArn ?? this.makeKey(topicName, tags),
      tags: withName(tags, topicName),
    });
    this.topicArn = topic.arn;
    new SnsTopicPolicy(this, 'Policy', { arn: topic.arn, policy: policyDocument(this.publishers()) });
    for (const endpoint of emailAddresses)
      new SnsTopicSubscription(this, `Email-${endpoint}`, { topicArn: topic.arn, protocol: 'email', endpoint });
  }

  private makeKey(name: string, tags: Tags | undefined): string {
    const facts = AwsFacts.of(this);
    const owner: PolicyStatement = {
      Sid: 'Owner',
      Effect: 'Allow',
      Principal: { AWS: `arn:${facts.partition}:iam::${facts.account}:root` },
      Action: 'kms:*',
      Resource: '*',
    };
    const alarms: PolicyStatement = {
      Sid: 'Alarms',
      Effect: 'Allow',
      Principal: CLOUDWATCH,
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceAccount': facts.account } },
    };
    const key = new KmsKey(this, 'Key', {
      description: `Encrypts what alarms send to the topic ${name}`,
      enableKeyRotation: true,
      policy: policyDocument([owner, alarms]),
      tags: withName(tags, name),
    });
    new KmsAlias(this, 'KeyAlias', { name: `alias/${name}`, targetKeyId: key.id });
    return key.arn;
  }

  private publishers(): PolicyStatement[] {
    const alarms: PolicyStatement = {
      Sid: 'Alarms',
      Effect: 'Allow',
      Principal: CLOUDWATCH,
      Action: 'sns:Publish',
      Resource: this.topicArn,
      Condition: { StringEquals: { 'aws:SourceAccount': AwsFacts.of(this).account } },
    };
    const plain: PolicyStatement = {
      Sid: 'OnlyTls',
      Effect: 'Deny',
      Principal: '*',
      Action: 'sns:Publish',
      Resource: this.topicArn,
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    };
    return [alarms, plain];
  }
}
