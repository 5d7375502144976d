import { Annotations } from 'cdktf';
import { Construct } from 'constructs';
import { identityStatements, policyDocument, type Access } from '../../lib/network';
import { AwsFacts } from './aws-facts';
import type { IGrantee } from './grantee';
import { gatewayKnowledge, type GatewayKnowledgeProps } from './knowledge-base/behind-gateway';
import { bedrockKnowledge, type BedrockKnowledgeProps } from './knowledge-base/bedrock';
import { dynamoDbKnowledge, type DynamoDbKnowledgeProps } from './knowledge-base/dynamodb';
import { kendraKnowledge, type KendraKnowledgeProps } from './knowledge-base/kendra';
import {
  openSearchDomainKnowledge,
  openSearchServerlessKnowledge,
  type OpenSearchDomainKnowledgeProps,
  type OpenSearchServerlessKnowledgeProps,
} from './knowledge-base/open-search';
import { privateLinkKnowledge, type PrivateLinkKnowledgeProps } from './knowledge-base/private-link';
import { s3Knowledge, type S3KnowledgeProps } from './knowledge-base/s3';
import { secretsManagerKnowledge, type SecretsManagerKnowledgeProps } from './knowledge-base/secrets-manager';
import type { KnowledgeParts } from './knowledge-base/source';
import type { IMcpNetwork } from './network';

export type { IAccessRole, IGrantee } from './grantee';
export type { GatewayKnowledgeProps } from './knowledge-base/behind-gateway';
export type { BedrockKnowledgeProps } from './knowledge-base/bedrock';
export type { DynamoDbKnowledgeProps } from './knowledge-base/dynamodb';
export type { KendraKnowledgeProps } from './knowledge-base/kendra';
export type { OpenSearchDomainKnowledgeProps, OpenSearchServerlessKnowledgeProps } from './knowledge-base/open-search';
export type { PrivateLinkKnowledgeProps } from './knowledge-base/private-link';
export type { S3KnowledgeProps } from './knowledge-base/s3';
export type { SecretsManagerKnowledgeProps } from './knowledge-base/secrets-manager';

/** What somebody who was let in has to know. */
export interface KnowledgeGrant {
  /** Entries for NO_PROXY; empty where the way leads through the gateway. */
  readonly directNames: readonly string[];
  /** Where it is reached, if that is one place. */
  readonly url?: string;
  /** What the role was, or has to be, allowed. */
  readonly access: readonly Access[];
}

/**
 * Something inside that workloads look things up in, reached without the Internet. The endpoint's policy admits what the props name, for
 * callers of the account (or organisation); nobody reaches it until `grantAccess`.
 *
 * An endpoint's private DNS holds for the whole VPC, so the gateway, too, gets private addresses for these names, and refuses them
 * (`private_address`): reach them directly, not by a rule of the policy. Tags of shared endpoints are the network's.
 */
export class KnowledgeBase extends Construct {
  /** Where it is reached, if that is one place. */
  readonly url?: string;
  /** Of the endpoint, for policies of the resource's owner; undefined where there is none, or more than one. */
  readonly vpcEndpointId?: string;
  private readonly parts: KnowledgeParts;

  private constructor(scope: Construct, id: string, make: (scope: Construct) => KnowledgeParts, network?: IMcpNetwork) {
    super(scope, id);
    this.parts = make(this);
    this.url = this.parts.url;
    this.vpcEndpointId = this.parts.vpcEndpointId;
    const { endpoints } = network ?? {};
    endpoints?.addDnsNames(this.namesFor(AwsFacts.of(endpoints)));
  }

  /** Bedrock knowledge bases and models. @throws {PropsError} */
  static bedrock(scope: Construct, id: string, props: BedrockKnowledgeProps): KnowledgeBase {
    return new KnowledgeBase(scope, id, (self) => bedrockKnowledge(self, props), props.network);
  }

  /**
   * OpenSearch Serverless collections. Their owner has to name `vpcEndpointId` in a network policy and each role in a data access policy.
   * @throws {PropsError}
   */
  static openSearchServerless(scope: Construct, id: string, props: OpenSearchServerlessKnowledgeProps): KnowledgeBase {
    return new KnowledgeBase(scope, id, (self) => openSearchServerlessKnowledge(self, props), props.network);
  }

  /** An OpenSearch domain in the VPC, for searches. @throws {PropsError} */
  static openSearchDomain(scope: Construct, id: string, props: OpenSearchDomainKnowledgeProps): KnowledgeBase {
    return new KnowledgeBase(scope, id, (self) => openSearchDomainKnowledge(self, props), props.network);
  }

  /** Kendra indexes. @throws {PropsError} */
  static kendra(scope: Construct, id: string, props: KendraKnowledgeProps): KnowledgeBase {
    return new KnowledgeBase(scope, id, (self) => kendraKnowledge(self, props), props.network);
  }

  /** S3 buckets, through the gateway endpoint or an interface endpoint. @throws {PropsError} */
  static s3(scope: Construct, id: string, props: S3KnowledgeProps): KnowledgeBase {
    return new KnowledgeBase(scope, id, (self) => s3Knowledge(self, props), props.network);
  }

  /** DynamoDB tables. @throws {PropsError} */
  static dynamodb(scope: Construct, id: string, props: DynamoDbKnowledgeProps): KnowledgeBase {
    return new KnowledgeBase(scope, id, (self) => dynamoDbKnowledge(self, props), props.network);
  }

  /** Secrets that are read at run time. @throws {PropsError} */
  static secretsManager(scope: Construct, id: string, props: SecretsManagerKnowledgeProps): KnowledgeBase {
    return new KnowledgeBase(scope, id, (self) => secretsManagerKnowledge(self, props), props.network);
  }

  /** Any service behind AWS PrivateLink. @throws {PropsError} */
  static privateLink(scope: Construct, id: string, props: PrivateLinkKnowledgeProps): KnowledgeBase {
    return new KnowledgeBase(scope, id, (self) => privateLinkKnowledge(self, props), props.network);
  }

  /** A private host that the gateway reaches under a rule with `private`. @throws {PropsError} */
  static behindGateway(scope: Construct, id: string, props: GatewayKnowledgeProps): KnowledgeBase {
    return new KnowledgeBase(scope, id, (self) => gatewayKnowledge(self, props));
  }

  /**
   * Opens the network path, lets the grantee's role do what the props name and no more, and tells it which names to reach directly.
   *
   * @param grantee an `McpServer`, or `{ connections: Connections.of(group, 'search'), taskRole }` of something of your own
   * @returns what the grantee has to know; an `McpServer` knows it already
   * @throws {Error} behind the gateway: the policy has no such rule for it
   */
  grantAccess(grantee: IGrantee): KnowledgeGrant {
    for (const { open } of this.parts.sources) open(grantee);
    // The words of the grantee's own stack, so that it does not come to depend on this one.
    const facts = AwsFacts.of(Construct.isConstruct(grantee) ? grantee : this);
    const access = this.accessFor(facts);
    grantee.taskRole?.grant(access);
    const directNames = this.namesFor(facts).map((name) => name.replace(/^\*/, ''));
    grantee.addDirectNames?.(directNames);
    const task = this.parts.ownerTask?.(grantee);
    if (task !== undefined) Annotations.of(this).addInfo(task);
    return { directNames, access, ...(this.url !== undefined && { url: this.url }) };
  }

  /** What a role has to be allowed, as the text of an IAM policy; undefined where IAM has no part in it. */
  get identityPolicy(): string | undefined {
    const access = this.accessFor(AwsFacts.of(this));
    return access.length > 0 ? policyDocument(identityStatements(access)) : undefined;
  }

  private accessFor(facts: AwsFacts): readonly Access[] {
    return this.parts.sources.flatMap((source) => source.access?.(facts) ?? []);
  }

  private namesFor(facts: AwsFacts): readonly string[] {
    return this.parts.sources.flatMap((source) => source.names?.(facts) ?? []);
  }
}
