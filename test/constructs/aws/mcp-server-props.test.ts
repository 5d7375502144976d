import { TerraformVariable } from 'cdktf';
import { McpServer, type McpServerProps } from '../../../constructs/aws/mcp-server';
import { ecrImage, exampleGateway } from '../support/fixtures';
import { failure, synthesized } from '../support/synth';

const IMAGE = ecrImage('mcp/search');
const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:api-key-AbCdEf';

describe('fails', () => {
  const fails = (props: Partial<McpServerProps>): string[] =>
    failure(
      (scope) => new McpServer(scope, 'web-search', { gateway: exampleGateway(scope), image: IMAGE, ...props }),
    ).split('\n');

  test('when the image is not in ECR', () => {
    expect(fails({ image: 'ghcr.io/owner/server:1' })).toEqual([
      'McpServer "stack/web-search":',
      '- image: "ghcr.io/owner/server:1" is not in ECR, and isolated tasks pull without the Internet; copy it to the account\'s ECR (docker pull, docker tag, docker push), or use a pull-through cache of ECR that has it already.',
    ]);
  });

  test.each(['dkr.ecr-fips.us-east-1.amazonaws.com', 'dkr-ecr.us-east-1.on.aws'])(
    'when the image is in ECR under a name without an endpoint, %s',
    (host) => {
      const image = `123456789012.${host}/search:1`;
      expect(fails({ image })).toEqual([
        'McpServer "stack/web-search":',
        `- image: "${image}" names the registry by its FIPS or dual-stack host, which no endpoint in the VPC answers for; write ACCOUNT.dkr.ecr.REGION.amazonaws.com.`,
      ]);
    },
  );

  test('when the policy does not name it', () => {
    expect(fails({ workload: 'search' })).toEqual([
      'workload "search" is not in the policy (it has: local-llm, web-search); add it there with a port, or use one of these names.',
    ]);
  });

  test('when it has the name of the gateway', () => {
    expect(fails({ workload: 'gateway' })[1]).toBe(
      '- workload: "gateway" is the gateway\'s own name in the zone and in AWS; call the workload otherwise in the policy.',
    );
  });

  test('when the name of its role would be too long', () => {
    const workload = 'w'.repeat(49);
    expect(fails({ workload })[1]).toBe(
      `- workload: with the environment's name it makes the role name "mcp-egress-${workload}-task" of 65 characters, and IAM takes 64; shorten one of the two.`,
    );
  });

  test('when its log group would be that of rejected traffic', () => {
    expect(fails({ workload: 'rejected' })[1]).toBe(
      '- workload: "rejected" is the name of the log of rejected traffic, and each has a log group of its own; call the workload otherwise in the policy.',
    );
  });

  test.each(['sk-proj-abcdefghijklmnop0123456789', 'AKIAABCDEFGHIJKLMNOP'])(
    'when a secret is given as a value, without repeating it',
    (value) => {
      const lines = fails({ secrets: { KEY: value }, environment: { OTHER: value } });
      expect(lines).toEqual([
        'McpServer "stack/web-search":',
        '- environment: the value of OTHER looks like a secret, and everybody who can read the task definition could read it; put it into Secrets Manager and name its ARN in secrets.',
        '- secrets: KEY is not the ARN of a secret (arn:aws:secretsmanager:…:secret:…) or of a parameter (arn:aws:ssm:…:parameter/…); values do not belong here.',
      ]);
      expect(lines.join('\n')).not.toContain(value);
    },
  );

  test('with everything that is wrong at once', () => {
    expect(
      fails({
        port: 0,
        desiredCount: -1,
        environment: { A: 'b' },
        secrets: { A: SECRET },
        writablePaths: ['tmp', '/var/', '/'],
      }),
    ).toEqual([
      'McpServer "stack/web-search":',
      '- port: 0 is not a whole number from 1 to 65535.',
      '- desiredCount: -1 is not a whole number from 0 to 1000.',
      '- environment: A stands in secrets, too; leave it out of one of them.',
      ...['tmp', '/var/', '/'].map(
        (path) => `- writablePaths: "${path}" is not an absolute path without ":" and without "/" at its end.`,
      ),
    ]);
  });

  test('when its containers are none that ECS takes', () => {
    expect(fails({ healthCheckCommand: ['curl', 'localhost'], cpu: 300 })).toEqual([
      'TaskDefinition "stack/web-search/Task":',
      '- container server: its health check begins with neither CMD nor CMD-SHELL.',
      '- cpu: 300 is not a size of Fargate; use 256, 512, 1024, 2048, 4096, 8192, 16384.',
    ]);
  });
});

test('tokens are taken for what they may be', () => {
  const stack = synthesized((scope) => {
    const text = (name: string) => new TerraformVariable(scope, name, { type: 'string' }).stringValue;
    new McpServer(scope, 'web-search', {
      gateway: exampleGateway(scope),
      image: `${text('repository')}@sha256:${'0'.repeat(64)}`,
      environment: { BUCKET: text('bucket') },
      secrets: { KEY: text('secret') },
      desiredCount: new TerraformVariable(scope, 'count', { type: 'number' }).numberValue,
    });
  });
  const [container] = stack.containers('mcp-egress-web-search');
  expect(container?.image).toBe(`\${var.repository}@sha256:${'0'.repeat(64)}`);
  expect(container?.secrets).toEqual([{ name: 'KEY', valueFrom: '${var.secret}' }]);
  expect(container?.environment).toContainEqual({ name: 'BUCKET', value: '${var.bucket}' });
  expect(stack.named('aws_ecs_service', 'mcp-egress-web-search').desired_count).toBe('${var.count}');
  expect(stack.granted('mcp-egress-web-search-exec').at(-1)?.Resource).toEqual(['${var.secret}']);
});
