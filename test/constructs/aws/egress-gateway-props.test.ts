import { TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import type { EgressGatewayProps } from '../../../constructs/aws/egress-gateway';
import { McpNetwork } from '../../../constructs/aws/mcp-network';
import { PrivateNamespace } from '../../../constructs/aws/private-namespace';
import { exampleGateway } from '../support/fixtures';
import { policyOf } from '../support/policies';
import { failure, synthesized, synthesizedApp } from '../support/synth';

const fails = (props: Partial<EgressGatewayProps>): string[] =>
  failure((scope) => exampleGateway(scope, props)).split('\n');

test('fails with everything that is wrong at once', () => {
  expect(
    fails({
      minTasks: 0,
      maxTasks: 1001,
      drainSeconds: 111,
      pollSeconds: 26,
      healthPort: 80,
      image: 'registry.example.com/envoy',
    }),
  ).toEqual([
    'EgressGateway "stack/gateway":',
    '- minTasks: 0 is not a whole number from 1 to 100. Two or more survive the loss of a zone.',
    '- maxTasks: 1001 is not a whole number from 1 to 1000.',
    '- drainSeconds: 111 is not a whole number from 15 to 110. Fargate ends a container after 120 seconds.',
    '- pollSeconds: 26 is not a whole number from 1 to 15.',
    '- healthPort: 80 is not a whole number from 1024 to 65535.',
    '- image: the registry "registry.example.com" is not known here; copy the image to ECR, or say in registryNames which names a pull asks for.',
  ]);
});

test('fails when there are more tasks at least than at most', () => {
  expect(fails({ minTasks: 7 })[1]).toBe('- maxTasks: 6 is less than minTasks: 7.');
});

test('fails when the health port is the port of a workload', () => {
  expect(fails({ healthPort: 10001 })[1]).toBe(
    '- healthPort: 10001 is the port of workload local-llm; choose another one.',
  );
});

test('fails when the namespace is given and named', () => {
  const message = failure((scope) => {
    const namespace = new PrivateNamespace(scope, 'zone', { vpcId: 'vpc-1', domainName: 'a.internal' });
    exampleGateway(scope, { namespace, namespaceName: 'b.internal' });
  });
  expect(message).toContain('- namespaceName: names a new zone, but namespace gives one; leave one of them out.');
});

describe('two gateways', () => {
  const taken =
    'network: its environmentName "mcp-egress" is that of gateway "stack/gateway", and the names of roles, buckets and log groups are made of it; give each gateway a network with an environmentName of its own.';

  test('fail in one network', () => {
    const message = failure((scope) => {
      const { network } = exampleGateway(scope);
      exampleGateway(new Construct(scope, 'second'), { network });
    });
    expect(message).toContain(taken);
  });

  test('fail in two networks of one name in one stack', () => {
    const message = failure((scope) => {
      for (const each of [scope, new Construct(scope, 'second')]) exampleGateway(each);
    });
    expect(message).toContain(taken);
  });

  test('have names of their own otherwise, and in two stacks may be in two accounts', () => {
    synthesizedApp(['one', 'other'], ({ one, other }) => {
      for (const each of [one, other]) exampleGateway(each);
      const second = new Construct(one, 'second');
      exampleGateway(second, { network: new McpNetwork(second, 'network', { environmentName: 'second' }) });
    });
  });
});

test('fails when Fargate has no such size', () => {
  expect(fails({ cpu: 512, memoryLimitMiB: 512 })).toEqual([
    'TaskDefinition "stack/gateway/Task":',
    '- memoryLimitMiB: 512 does not go with cpu 512; Fargate takes 1024 to 4096 in steps of 1024.',
  ]);
});

test('fails when a private rule leads to the gateway itself', () => {
  const policy = policyOf([{ host: 'x.example.net', ports: [10000], private: ['10.64.0.0/16'] }]);
  expect(fails({ policy })).toEqual([
    'policy.workloads["web-search"].allow[0]: rule "x.example.net:10000" reaches port 10000 at 10.64.16.0/21, 10.64.48.0/21, where the gateway itself listens (workload "web-search"); write another port, or a `private` without these addresses',
  ]);
});

test('tokens are taken where AWS takes a number, and refused where it becomes part of a text', () => {
  const stack = synthesized((scope) => {
    const number = (name: string) => new TerraformVariable(scope, name, { type: 'number' }).numberValue;
    exampleGateway(scope, { minTasks: number('min'), maxTasks: number('max'), cpu: number('cpu') });
  });
  expect(stack.only('aws_appautoscaling_target')).toMatchObject({
    min_capacity: '${var.min}',
    max_capacity: '${var.max}',
  });
  expect(stack.only('aws_ecs_task_definition').cpu).toBe('${var.cpu}');
  const message = failure((scope) => {
    const token = new TerraformVariable(scope, 'n', { type: 'number' }).numberValue;
    exampleGateway(scope, { drainSeconds: token, pollSeconds: token, healthPort: token });
  });
  expect(message.split('\n').slice(1)).toEqual(
    ['drainSeconds', 'pollSeconds', 'healthPort'].map(
      (name) => `- ${name}: known at deployment only, but it is written into a text; write the number itself.`,
    ),
  );
});
