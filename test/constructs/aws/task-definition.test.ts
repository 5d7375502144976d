import { TaskDefinition, type TaskDefinitionProps } from '../../../constructs/aws/task-definition';
import type { ContainerDefinition } from '../../../constructs/aws/container-definition';
import { failure, synthesized } from '../support/synth';

const CONTAINER: ContainerDefinition = { name: 'main', image: 'nginx', essential: true, readonlyRootFilesystem: true };
const PROPS: TaskDefinitionProps = {
  family: 'env-task',
  logGroupName: '/env/task',
  launchType: 'FARGATE',
  platform: 'x86',
  cpu: 256,
  memoryLimitMiB: 512,
  volumes: [],
  containers: () => [CONTAINER],
};

test('each role is taken by tasks of this account alone', () => {
  const stack = synthesized((scope) => new TaskDefinition(scope, 'task', PROPS));
  for (const name of ['env-task-task', 'env-task-exec']) {
    const [trust] = stack.statements(stack.named('aws_iam_role', name), 'assume_role_policy');
    expect(trust).toMatchObject({ Principal: { Service: 'ecs-tasks.amazonaws.com' } });
    expect(trust?.Condition.ArnLike['aws:SourceArn']).toMatch(/^arn:.*:ecs:.*:.*:\*$/);
    expect(trust?.Condition.StringEquals['aws:SourceAccount']).toMatch(/account_id/);
  }
});

test('what is added to a container until the stack is written stands in it', () => {
  const environment: { name: string; value: string }[] = [];
  const stack = synthesized((scope) => {
    new TaskDefinition(scope, 'task', { ...PROPS, containers: () => [{ ...CONTAINER, environment }] });
    environment.push({ name: 'LATE', value: '1' });
  });
  expect(stack.containers('env-task')[0]?.environment).toEqual([{ name: 'LATE', value: '1' }]);
});

test('and is checked again', () => {
  const environment: { name: string; value: string }[] = [];
  const message = failure((scope) => {
    new TaskDefinition(scope, 'task', { ...PROPS, containers: () => [{ ...CONTAINER, environment }] });
    environment.push({ name: 'LATE', value: 'x'.repeat(70_000) });
  });
  expect(message).toMatch(/the container definitions have 70\d{3} bytes/);
});

test('on EC2 it may have any size', () => {
  const stack = synthesized((scope) => {
    new TaskDefinition(scope, 'task', { ...PROPS, launchType: 'EC2', cpu: 100, memoryLimitMiB: 100 });
  });
  expect(stack.only('aws_ecs_task_definition')).toMatchObject({ cpu: '100', requires_compatibilities: ['EC2'] });
});

test('images from elsewhere than ECR need no rights there', () => {
  const stack = synthesized((scope) => new TaskDefinition(scope, 'task', PROPS));
  expect(stack.granted('env-task-exec').map(({ Sid }) => Sid)).toEqual(['LogsWrite']);
});
