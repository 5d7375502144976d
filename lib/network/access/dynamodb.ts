import type { Access } from '../access';

const READ = ['dynamodb:BatchGetItem', 'dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'];
const WRITE = [
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
];

/**
 * Items of some tables and of their indexes, for the endpoint `dynamodb` and for roles.
 * @param tableArns full ARNs: `arn:aws:dynamodb:R:ACCOUNT:table/NAME`
 */
export function dynamodbItems(tableArns: readonly string[], access: 'read' | 'readWrite' = 'read'): Access[] {
  return [
    {
      sid: access === 'read' ? 'DynamoDbRead' : 'DynamoDbReadWrite',
      actions: access === 'read' ? READ : [...READ, ...WRITE].sort(),
      resources: tableArns.flatMap((arn) => [arn, `${arn}/index/*`]),
    },
  ];
}
