import { endpointsForLaunchType } from '../../../lib/network';

test('Fargate needs images, their layers and logs', () => {
  expect(endpointsForLaunchType('FARGATE')).toEqual(['ecr.api', 'ecr.dkr', 's3', 'logs']);
});

test("EC2 needs the agent's endpoints as well, in the order of their creation", () => {
  expect(endpointsForLaunchType('EC2')).toEqual([
    'ecr.api',
    'ecr.dkr',
    's3',
    'logs',
    'ecs-agent',
    'ecs-telemetry',
    'ecs',
  ]);
});

test('secrets need theirs, each once', () => {
  expect(endpointsForLaunchType('FARGATE', { secrets: ['ssm', 'kms', 'ssm'] }).slice(4)).toEqual(['ssm', 'kms']);
});
