import { grantImagePull } from '../../../constructs/aws/image-pull';
import { ImageReference } from '../../../constructs/aws/image-reference';
import { McpNetwork } from '../../../constructs/aws/mcp-network';
import { RoleSecurityGroup } from '../../../constructs/aws/role-security-group';
import { ecrImage } from '../support/fixtures';
import { synthesized, type Synthesized } from '../support/synth';

function pull(images: readonly string[], registryNames?: readonly string[]): [readonly string[], Synthesized] {
  let names: readonly string[] = [];
  const stack = synthesized((scope) => {
    const network = new McpNetwork(scope, 'network');
    const common = { vpcId: network.vpcId, role: 'workload', description: 'x' } as const;
    names = grantImagePull({
      network,
      peer: new RoleSecurityGroup(scope, 'peer', { ...common, groupName: 'peer', peerName: 'peer' }),
      images: images.map((image) => new ImageReference(image)),
      logGroupName: '/a',
      registryNames,
    });
  });
  return [names, stack];
}

const endpoints = (stack: Synthesized): string[] =>
  stack
    .list('aws_vpc_endpoint')
    .map(({ tags }) => tags.Name)
    .sort();

test('images of ECR need its two endpoints, S3 and the one for logs; each for these repositories and this group alone', () => {
  const [names, stack] = pull([ecrImage('a'), ecrImage('b')]);
  expect(names).toEqual([]);
  expect(endpoints(stack)).toEqual(['ecr.api', 'ecr.dkr', 'logs', 's3'].map((id) => `mcp-egress-${id}`));
  for (const id of ['ecr.api', 'ecr.dkr']) {
    const statements = stack.statements(stack.named('aws_vpc_endpoint', `mcp-egress-${id}`));
    expect(statements.find(({ Sid }) => Sid === 'EcrPull')?.Resource).toEqual([
      expect.stringMatching(/:repository\/a$/),
      expect.stringMatching(/:repository\/b$/),
    ]);
  }
  const [logs] = stack.statements(stack.named('aws_vpc_endpoint', 'mcp-egress-logs'));
  expect(logs?.Resource).toEqual([expect.stringMatching(/:log-group:\/a:\*$/)]);
});

test('images from elsewhere need logs alone, and say which names are asked for', () => {
  const [names, stack] = pull(['quay.io/a/b', 'ghcr.io/a/b', 'quay.io/a/c']);
  expect(endpoints(stack)).toEqual(['mcp-egress-logs']);
  expect(names).toEqual([...new Set(names)].sort());
  expect(names).toEqual(expect.arrayContaining(['quay.io', 'ghcr.io']));
  expect(pull(['registry.example.com/a'], ['registry.example.com'])[0]).toEqual(['registry.example.com']);
});
