import { Token } from 'cdktf';
import { ImageReference } from '../../../constructs/aws/image-reference';

const DIGEST = `@sha256:${'ab'.repeat(32)}`;
const token = Token.asString({ resolve: () => 'x' });

test.each([
  ['nginx', 'docker.io'],
  ['nginx:1.27', 'docker.io'],
  ['envoyproxy/envoy:v1.40.0', 'docker.io'],
  ['docker.io/envoyproxy/envoy:v1.40.0', 'docker.io'],
  ['index.docker.io/library/nginx', 'docker.io'],
  ['ghcr.io/owner/image:1', 'ghcr.io'],
  ['localhost/image', 'localhost'],
  ['registry.example.com:5000/image', 'registry.example.com:5000'],
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com/mcp/search', '123456789012.dkr.ecr.eu-west-1.amazonaws.com'],
])('%s comes from %s', (text, registry) => {
  expect(new ImageReference(text).registry).toBe(registry);
});

test.each([
  '123456789012.dkr.ecr.eu-west-1.amazonaws.com/mcp/search:1',
  '123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/mcp/search',
  '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/mcp/search',
  '123456789012.dkr-ecr.eu-west-1.on.aws/mcp/search',
])('%s is in ECR', (text) => {
  const image = new ImageReference(text);
  expect(image.isEcr).toBe(true);
  expect(image.registryNames).toEqual([]);
  expect(image.ecrRepository).toBe('mcp/search');
});

test.each([
  'nginx',
  'public.ecr.aws/aws-cli/aws-cli:2.31.0',
  '12345.dkr.ecr.eu-west-1.amazonaws.com/x',
  'evil.example.com/123456789012.dkr.ecr.eu-west-1.amazonaws.com/x',
])('%s is not in ECR', (text) => {
  const image = new ImageReference(text);
  expect(image.isEcr).toBe(false);
  expect(image.ecrRepository).toBeUndefined();
});

test('pulls of known registries ask for their names, layers included', () => {
  expect(new ImageReference('nginx').registryNames).toContain('production.cloudflare.docker.com');
  expect(new ImageReference('ghcr.io/a/b').registryNames).toEqual(['ghcr.io', 'pkg-containers.githubusercontent.com']);
  expect(new ImageReference('registry.example.com/a').registryNames).toBeUndefined();
});

test('a digest says which bytes are meant, a tag does not', () => {
  expect(new ImageReference(`nginx${DIGEST}`).isPinned).toBe(true);
  expect(new ImageReference(`nginx:1${DIGEST}`).isPinned).toBe(true);
  expect(new ImageReference('nginx:1').isPinned).toBe(false);
  expect(new ImageReference('nginx@sha256:12').isPinned).toBe(false);
});

test('the repository is named without tag and digest', () => {
  const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
  expect(new ImageReference(`${host}/a/b:1${DIGEST}`).ecrRepository).toBe('a/b');
});

test('a token counts as an image of ECR by digest, of a repository that nobody knows', () => {
  const image = new ImageReference(`${token}:latest`);
  expect([image.isEcr, image.isPinned, image.ecrRepository]).toEqual([true, true, undefined]);
});
