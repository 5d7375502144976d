import { checkContainers } from '../../../constructs/aws/check-containers';
import { renderContainers, type ContainerDefinition } from '../../../constructs/aws/container-definition';

const FARGATE = { launchType: 'FARGATE', volumes: ['data'] } as const;

function container(name: string, rest: Partial<ContainerDefinition> = {}): ContainerDefinition {
  return { name, image: 'image', essential: true, readonlyRootFilesystem: true, ...rest };
}

function problemsOf(
  containers: readonly ContainerDefinition[],
  facts: Parameters<typeof checkContainers>[1] = FARGATE,
) {
  return checkContainers(containers, facts, renderContainers(containers));
}

const healthCheck = { command: ['CMD', 'true'], interval: 5, timeout: 2, retries: 1, startPeriod: 0 };

test('what ECS takes has no problem', () => {
  const containers = [
    container('main', {
      dependsOn: [
        { containerName: 'side', condition: 'HEALTHY' },
        { containerName: 'init', condition: 'SUCCESS' },
      ],
      mountPoints: [{ sourceVolume: 'data', containerPath: '/data', readOnly: true }],
      portMappings: [{ containerPort: 80, protocol: 'tcp' }],
      stopTimeout: 120,
      startTimeout: 2,
    }),
    container('side', { healthCheck, essential: false, portMappings: [{ containerPort: 81, protocol: 'tcp' }] }),
    container('init', { essential: false }),
  ];
  expect(problemsOf(containers)).toEqual([]);
});

const EVERY_RULE: [string, ContainerDefinition[]][] = [
  ['a task takes 10 containers at most, not 11.', Array.from({ length: 11 }, (_, index) => container(`c${index}`))],
  ['container names stand twice: a, a.', [container('a'), container('a')]],
  [
    'no container is essential, so the task would never end when its work does; make one essential.',
    [container('a', { essential: false })],
  ],
  ['container a b: its name may have letters, digits, "-" and "_" only.', [container('a b')]],
  [
    'container a: waits for "b", which is not in the task.',
    [container('a', { dependsOn: [{ containerName: 'b', condition: 'START' }] })],
  ],
  ['container a: waits for itself.', [container('a', { dependsOn: [{ containerName: 'a', condition: 'START' }] })]],
  [
    'container a: waits until b is healthy, which has no health check.',
    [container('a', { dependsOn: [{ containerName: 'b', condition: 'HEALTHY' }] }), container('b')],
  ],
  [
    'container a: waits for the end of b, which is essential: the task would end with it.',
    [container('a', { dependsOn: [{ containerName: 'b', condition: 'COMPLETE' }] }), container('b')],
  ],
  [
    'container a: mounts the volume "other", which the task does not have.',
    [container('a', { mountPoints: [{ sourceVolume: 'other', containerPath: '/x', readOnly: true }] })],
  ],
  [
    'container a: mounts at "x", which is not an absolute path.',
    [container('a', { mountPoints: [{ sourceVolume: 'data', containerPath: 'x', readOnly: true }] })],
  ],
  [
    'container a: mounts two volumes at one path.',
    [
      container('a', {
        mountPoints: [
          { sourceVolume: 'data', containerPath: '/x', readOnly: true },
          { sourceVolume: 'data', containerPath: '/x', readOnly: false },
        ],
      }),
    ],
  ],
  [
    'container a: stopTimeout: 121 is not a whole number of seconds or tries from 2 to 120.',
    [container('a', { stopTimeout: 121 })],
  ],
  [
    'container a: startTimeout: 1 is not a whole number of seconds or tries from 2 to 120.',
    [container('a', { startTimeout: 1 })],
  ],
  [
    'container a: healthCheck.interval: 4 is not a whole number of seconds or tries from 5 to 300.',
    [container('a', { healthCheck: { ...healthCheck, interval: 4 } })],
  ],
  [
    'container a: healthCheck.timeout: 61 is not a whole number of seconds or tries from 2 to 60.',
    [container('a', { healthCheck: { ...healthCheck, timeout: 61 } })],
  ],
  [
    'container a: healthCheck.retries: 0 is not a whole number of seconds or tries from 1 to 10.',
    [container('a', { healthCheck: { ...healthCheck, retries: 0 } })],
  ],
  [
    'container a: healthCheck.startPeriod: 0.5 is not a whole number of seconds or tries from 0 to 300.',
    [container('a', { healthCheck: { ...healthCheck, startPeriod: 0.5 } })],
  ],
  [
    'container a: its health check begins with neither CMD nor CMD-SHELL.',
    [container('a', { healthCheck: { command: ['curl', 'x'] } })],
  ],
  [
    'container a: dockerSecurityOptions are not there on Fargate.',
    [container('a', { dockerSecurityOptions: ['no-new-privileges'] })],
  ],
  [
    'port 80 is opened by two containers of one task.',
    ['a', 'b'].map((name) => container(name, { portMappings: [{ containerPort: 80, protocol: 'tcp' }] })),
  ],
  [
    'containers wait for each other in a circle: a, b.',
    [
      container('a', { dependsOn: [{ containerName: 'b', condition: 'START' }] }),
      container('b', { dependsOn: [{ containerName: 'a', condition: 'START' }] }),
      container('c', { dependsOn: [{ containerName: 'a', condition: 'START' }] }),
    ],
  ],
];

test.each(EVERY_RULE)('%s', (problem, containers) => {
  expect(problemsOf(containers)).toEqual([problem]);
});

test('on EC2 a container may take longer, and has options of Docker', () => {
  const slow = container('a', { stopTimeout: 3600, startTimeout: 3600, dockerSecurityOptions: ['no-new-privileges'] });
  expect(problemsOf([slow], { launchType: 'EC2', volumes: [] })).toEqual([]);
});

test('definitions that ECS would refuse for their size say how large they are', () => {
  const [problem] = problemsOf([container('a', { command: ['x'.repeat(70_000)] })]);
  expect(problem).toMatch(/^the container definitions have 70\d{3} bytes; ECS takes 61440: shorten/);
});

test('all problems come at once', () => {
  const containers = [container('a', { essential: false, stopTimeout: 1, startTimeout: 500 })];
  expect(problemsOf(containers)).toHaveLength(3);
});
