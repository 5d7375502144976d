import type { Construct } from 'constructs';
import { decryptWithKeys, dynamodbItems } from '../../../lib/network';
import { arnOf, checkKnowledge, KEY_ARNS } from './check-arns';
import { endpointSource, type KnowledgeParts, type KnowledgeProps } from './source';

export interface DynamoDbKnowledgeProps extends KnowledgeProps {
  /** Tables, with their indexes: `arn:aws:dynamodb:R:ACCOUNT:table/NAME`. */
  readonly tableArns: readonly string[];
  /** @default 'read' */
  readonly access?: 'read' | 'readWrite';
  /** Customer keys with which the tables are encrypted. @default - keys that AWS owns or manages */
  readonly kmsKeyArns?: readonly string[];
}

/** DynamoDB tables, through the gateway endpoint. */
export function dynamoDbKnowledge(scope: Construct, props: DynamoDbKnowledgeProps): KnowledgeParts {
  const { tableArns: arns, access = 'read', kmsKeyArns = [], organizationId } = props;
  const form = 'arn:aws:dynamodb:R:ACCOUNT:table/NAME';
  checkKnowledge(
    scope,
    organizationId,
    [{ prop: 'tableArns', arns, form, pattern: arnOf('dynamodb', 'table/[a-zA-Z0-9_.*-]+') }],
    [{ prop: 'kmsKeyArns', arns: props.kmsKeyArns, ...KEY_ARNS }],
  );
  return {
    sources: [
      endpointSource(props, 'dynamodb', () => dynamodbItems(arns, access), {
        roleAccess: ({ region, dnsSuffix }) =>
          kmsKeyArns.length > 0 ? decryptWithKeys(kmsKeyArns, { viaService: `dynamodb.${region}.${dnsSuffix}` }) : [],
      }),
    ],
  };
}
