import { TerraformVariable, type TerraformStack } from 'cdktf';
import { Ec2Capacity, type Ec2CapacityProps } from '../../../constructs/aws/ec2-capacity';
import { EcsCluster } from '../../../constructs/aws/ecs-cluster';
import { McpNetwork } from '../../../constructs/aws/mcp-network';
import { failure, synthesized, synthesizedApp } from '../support/synth';

function build(stack: TerraformStack, props: Partial<Ec2CapacityProps> = {}): Ec2Capacity {
  const network = props.network ?? new McpNetwork(stack, 'network');
  const cluster = props.cluster ?? new EcsCluster(stack, 'cluster', { clusterName: 'agents' });
  return new Ec2Capacity(stack, 'capacity', { ...props, network, cluster });
}

test('fails when props contradict each other, with all of it at once', () => {
  const message = failure((scope) =>
    build(scope, {
      network: new McpNetwork(scope, 'network', { environmentName: 'ecs-test' }),
      capacityName: 'My Hosts',
      instanceType: 'm7g.large',
      minInstances: 5,
      maxInstances: 2,
      imageId: 'amazon',
      volumeGiB: 8,
    }),
  );
  expect(message.split('\n').slice(1)).toEqual([
    '- capacityName: "My Hosts" is not 1 to 23 lower case letters, digits and "-".',
    expect.stringMatching(
      /^- capacityName: .*"ecs-test-My Hosts", and ECS keeps names that begin with aws, ecs or fargate/,
    ),
    '- instanceType: "m7g.large" is arm64, but platform is "x86"; make them agree.',
    '- imageId: "amazon" is not the id of an image (ami-…).',
    '- maxInstances: 2 is less than minInstances: 5.',
    '- volumeGiB: 8 is not a whole number from 30 to 16384. The image takes 30.',
  ]);
});

test.each(['a1.large', 't4g.small', 'c7gn.xlarge', 'im4gn.large', 'g5g.xlarge'])('%s is arm64', (instanceType) => {
  expect(
    synthesized((scope) => build(scope, { platform: 'arm64', instanceType })).only('aws_launch_template'),
  ).toMatchObject({
    instance_type: instanceType,
  });
  expect(failure((scope) => build(scope, { instanceType }))).toContain('is arm64, but platform is "x86"');
});

test.each(['t3.medium', 'g4dn.xlarge', 'm7i-flex.large', 'p5en.48xlarge', 'u-6tb1.metal'])(
  '%s is x86',
  (instanceType) => {
    expect(failure((scope) => build(scope, { platform: 'arm64', instanceType }))).toContain(
      'is x86, but platform is "arm64"',
    );
  },
);

test('fails when its cluster is of another stack', () => {
  expect(() =>
    synthesizedApp(['one', 'two'], ({ one, two }) => {
      build(two, { cluster: new EcsCluster(one, 'cluster', { clusterName: 'agents' }) });
    }),
  ).toThrow('cluster: it stands in stack "one", and with it the one list of its capacity providers');
});

test('tokens pass', () => {
  const stack = synthesized((scope) => {
    const { stringValue } = new TerraformVariable(scope, 'type', { type: 'string' });
    build(scope, { instanceType: stringValue, imageId: stringValue, kmsKeyArn: stringValue });
  });
  expect(stack.only('aws_launch_template')).toMatchObject({ image_id: '${var.type}', instance_type: '${var.type}' });
});
