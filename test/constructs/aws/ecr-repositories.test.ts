import { Token } from 'cdktf';
import type { AwsFacts } from '../../../constructs/aws/aws-facts';
import { ecrRepositories } from '../../../constructs/aws/ecr-repositories';
import { ImageReference } from '../../../constructs/aws/image-reference';
import { ecrImage } from '../support/fixtures';

const facts = {
  partition: 'aws',
  arn: (service: string, resource: string) => `arn:aws:${service}:eu-central-1:111111111111:${resource}`,
} as AwsFacts;

function repositories(...images: string[]): string[] {
  return ecrRepositories(
    images.map((image) => new ImageReference(image)),
    facts,
  );
}

test('each repository is named once, in its own account and region', () => {
  const elsewhere = '999999999999.dkr.ecr.us-east-1.amazonaws.com/shared/tool:1';
  expect(repositories(ecrImage('mcp/b'), elsewhere, ecrImage('mcp/b'), ecrImage('mcp/a'))).toEqual([
    'arn:aws:ecr:eu-central-1:123456789012:repository/mcp/a',
    'arn:aws:ecr:eu-central-1:123456789012:repository/mcp/b',
    'arn:aws:ecr:us-east-1:999999999999:repository/shared/tool',
  ]);
});

test('one that is known at deployment only may be any of the account', () => {
  expect(repositories(Token.asString({ resolve: () => 'x' }))).toEqual([
    'arn:aws:ecr:eu-central-1:111111111111:repository/*',
  ]);
});

test('images from elsewhere have none', () => {
  expect(repositories('nginx', 'public.ecr.aws/a/b')).toEqual([]);
});
