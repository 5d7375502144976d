import type { Construct } from 'constructs';
import { EgressMonitoring, type EgressMonitoringProps } from '../../../constructs/aws/egress-monitoring';
import { EgressPerimeter } from '../../../constructs/aws/egress-perimeter';
import { McpNetwork } from '../../../constructs/aws/mcp-network';
import { EgressPolicy } from '../../../lib/policy';
import { proveSealed } from '../../../lib/proof';
import { ecrImage, exampleGateway, GATEWAY_IMAGES } from '../support/fixtures';
import { POLICY } from '../support/policies';
import { failure, synthesized, type Attributes, type Synthesized } from '../support/synth';

const CANARY = '  canary:\n    port: 10002\n    allow:\n      - host: status.example.org\n';
const WITH_CANARY = EgressPolicy.fromYaml(`${POLICY}${CANARY}`);
const canary = { workload: 'canary', image: ecrImage('aws-cli'), allowedUrl: 'https://status.example.org/' };

const monitored =
  (props: Omit<EgressMonitoringProps, 'gateway'> = {}, policy?: EgressPolicy) =>
  (scope: Construct): void => {
    const gateway = exampleGateway(scope, policy && { policy });
    new EgressMonitoring(scope, 'monitoring', { ...props, gateway });
  };

const alarms = (stack: Synthesized): Record<string, Attributes> =>
  Object.fromEntries(
    stack
      .list('aws_cloudwatch_metric_alarm')
      .map((alarm) => [String(alarm.alarm_name).replace('mcp-egress-', ''), alarm]),
  );

describe('the monitoring of a gateway', () => {
  const stack = synthesized(monitored({ emailAddresses: ['team@example.com'] }));

  it('counts decisions by workload and reason, from lines that carry one', () => {
    const filter = stack.named('aws_cloudwatch_log_metric_filter', 'mcp-egress-Decisions');
    expect(filter).toMatchObject({
      log_group_name: '/mcp-egress/mcp-egress/gateway',
      pattern: '{ ($.decision = "allowed") || ($.decision = "denied") || ($.decision = "would_deny") }',
      metric_transformation: {
        namespace: 'McpEgress/mcp-egress',
        value: '1',
        dimensions: { Workload: '$.workload', Decision: '$.decision', Reason: '$.reason' },
      },
    });
  });

  it('never asks for a default value beside dimensions, which CloudWatch refuses', () => {
    const filters = stack.list('aws_cloudwatch_log_metric_filter');
    expect(filters.length).toBeGreaterThan(8);
    for (const { metric_transformation: made } of filters)
      expect(made.default_value === undefined || made.dimensions === undefined).toBe(true);
  });

  it('makes each filter after its log group', () => {
    for (const filter of stack.list('aws_cloudwatch_log_metric_filter'))
      expect(filter.depends_on).toEqual([expect.stringMatching(/^aws_cloudwatch_log_group\./)]);
  });

  it('alarms on refusals of each workload, their rate, the tasks, the configuration, and ways around the gateway', () => {
    const all = alarms(stack);
    expect(Object.keys(all).sort()).toEqual([
      'around-the-gateway',
      'gateway-down',
      'gateway-unhealthy',
      'policy-not-in-force',
      'refusal-rate',
      'refused-local-llm',
      'refused-web-search',
    ]);
    const { topicArn } = { topicArn: `\${aws_sns_topic.${Object.keys(stack.resources('aws_sns_topic'))[0]}.arn}` };
    for (const alarm of Object.values(all))
      expect([alarm.alarm_actions, alarm.ok_actions]).toEqual([[topicArn], [topicArn]]);
    expect(all['refused-web-search']).toMatchObject({
      metric_name: 'WorkloadRefusals',
      dimensions: { Workload: 'web-search' },
      threshold: 1,
      treat_missing_data: 'notBreaching',
    });
    expect(all['refused-web-search']?.alarm_description).toContain('mcp-egress logs --log-group');
  });

  it('takes silence for trouble where tasks are counted, and nowhere else', () => {
    const silent = Object.entries(alarms(stack)).filter(([, { treat_missing_data: data }]) => data === 'breaching');
    expect(silent.map(([name]) => name)).toEqual(['gateway-down']);
  });

  it('sees packets that leave isolated subnets and were refused, by the fields of the flow log', () => {
    const fields = String(stack.only('aws_flow_log').log_format).match(/[a-z-]+/g) ?? [];
    const { pattern } = stack.named('aws_cloudwatch_log_metric_filter', 'mcp-egress-RejectedPackets');
    const named = String(pattern)
      .slice(1, -1)
      .split(', ')
      .map((part) => (/^\w+/.exec(part)?.[0] ?? '').replaceAll('_', '-'));
    expect(named).toEqual(fields);
    expect(pattern).toContain('action = REJECT, flow_direction = egress, subnet_id = ${aws_subnet.');
    expect(String(pattern).match(/subnet_id = /g)).toHaveLength(2);
  });

  it('publishes to an encrypted topic with a key that alarms can use', () => {
    const [key] = Object.keys(stack.resources('aws_kms_key'));
    expect(stack.only('aws_sns_topic')).toMatchObject({
      name: 'mcp-egress-alarms',
      kms_master_key_id: `\${aws_kms_key.${key}.arn}`,
    });
    const [, alarm] = stack.statements(stack.only('aws_kms_key'));
    expect(alarm).toMatchObject({
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    });
    const publishers = stack.statements(stack.only('aws_sns_topic_policy'));
    expect(publishers.map(({ Effect, Principal }) => [Effect, Principal])).toEqual([
      ['Allow', { Service: 'cloudwatch.amazonaws.com' }],
      ['Deny', '*'],
    ]);
    expect(stack.only('aws_sns_topic_subscription')).toMatchObject({ protocol: 'email', endpoint: 'team@example.com' });
  });

  it('draws a dashboard whose widgets do not overlap, in the region of the stack', () => {
    const { widgets } = JSON.parse(stack.only('aws_cloudwatch_dashboard').dashboard_body as string) as {
      widgets: { x: number; y: number; width: number; height: number; properties: { region: string; title: string } }[];
    };
    const titles = widgets.map(({ properties }) => properties.title);
    expect(titles).toEqual(expect.arrayContaining(['Refusals by workload and destination', 'Tunnels']));
    expect(new Set(titles).size).toBe(titles.length);
    const cells = widgets.flatMap(({ x, y, width }) => Array.from({ length: width }, (_, i) => `${x + i},${y}`));
    expect(new Set(cells).size).toBe(cells.length);
    for (const { x, width, properties } of widgets) {
      expect(x + width).toBeLessThanOrEqual(24);
      expect(properties.region).toMatch(/^\$\{data\.aws_region\..*\.id\}$/);
    }
  });

  it('saves queries over the groups that they read', () => {
    const queries = stack.list('aws_cloudwatch_query_definition');
    expect(queries.map(({ name }) => name).sort()).toEqual([
      'mcp-egress/one refusal after another',
      'mcp-egress/refusals by destination',
      'mcp-egress/refusals over time',
      'mcp-egress/rejected traffic',
      'mcp-egress/rules in use',
      'mcp-egress/slow requests',
      'mcp-egress/uploads by destination',
    ]);
    const rejected = queries.find(({ name }) => name === 'mcp-egress/rejected traffic');
    expect(rejected?.log_group_names).toEqual(['/mcp-egress/mcp-egress/rejected']);
  });

  it('opens nothing in the network', () => {
    const without = synthesized((scope) => void exampleGateway(scope));
    for (const type of [
      'aws_vpc_security_group_egress_rule',
      'aws_vpc_security_group_ingress_rule',
      'aws_vpc_endpoint',
    ])
      expect(Object.keys(stack.resources(type))).toEqual(Object.keys(without.resources(type)));
  });
});

describe('monitoring of a gateway in a network that others made', () => {
  it('has no alarm on rejected traffic, since there is no log of it', () => {
    const stack = synthesized((scope) => {
      const network = McpNetwork.fromNetworkAttributes(scope, 'network', {
        vpcId: 'vpc-1',
        isolatedSubnetIds: ['subnet-1'],
        egressSubnetIds: ['subnet-2'],
        existingEndpoints: Object.fromEntries(
          ['ecr.api', 'ecr.dkr', 'logs', 's3'].map((service) => [
            service,
            service === 's3'
              ? { vpcEndpointId: 'vpce-s3', prefixListId: 'pl-1' }
              : { securityGroupId: `sg-${service.replace('.', '')}` },
          ]),
        ) as never,
      });
      new EgressMonitoring(scope, 'monitoring', { gateway: exampleGateway(scope, { network }) });
    });
    expect(Object.keys(alarms(stack))).not.toContain('around-the-gateway');
    expect(stack.list('aws_cloudwatch_query_definition').map(({ name }) => name)).not.toContain(
      'mcp-egress/rejected traffic',
    );
  });
});

describe('a topic that is there already', () => {
  it('gets the alarms, and no key is made', () => {
    const stack = synthesized(monitored({ topicArn: 'arn:aws:sns:eu-central-1:123456789012:ops' }));
    expect(stack.list('aws_sns_topic')).toEqual([]);
    expect(stack.list('aws_kms_key')).toEqual([]);
    for (const { alarm_actions: actions } of stack.list('aws_cloudwatch_metric_alarm'))
      expect(actions).toEqual(['arn:aws:sns:eu-central-1:123456789012:ops']);
  });
});

describe('a canary', () => {
  const stack = synthesized(monitored({ canary }, WITH_CANARY));

  it('is a workload of its own: its group reaches its own port and what starts it, and nothing else', () => {
    expect(stack.rules('mcp-egress-canary', 'egress').map((rule) => rule.split(':')[0])).toEqual([
      expect.stringMatching(/^tcp 10002 mcp-egress-gateway/),
      expect.stringMatching(/^tcp 443 .*/),
      expect.stringMatching(/^tcp 443 .*/),
      expect.stringMatching(/^tcp 443 .*/),
      expect.stringMatching(/^tcp 443 .*/),
    ]);
    expect(stack.rules('mcp-egress-canary', 'ingress')).toEqual([]);
  });

  it('runs in isolated subnets without a public address', () => {
    expect(stack.only('aws_cloudwatch_event_rule').schedule_expression).toBe('rate(15 minutes)');
    const { ecs_target: target } = stack.only('aws_cloudwatch_event_target');
    expect(target).toMatchObject({ launch_type: 'FARGATE', network_configuration: { assign_public_ip: false } });
    for (const subnet of target.network_configuration.subnets) expect(subnet).toContain('Isolated');
  });

  it('is started by a role that may start it alone, with its own roles', () => {
    expect(stack.granted('mcp-egress-canary-start')).toMatchObject([
      {
        Action: ['ecs:RunTask'],
        Resource: [expect.stringMatching(/:task-definition\/mcp-egress-canary:\*$/)],
        Condition: { ArnEquals: { 'ecs:cluster': expect.stringMatching(/^\$\{aws_ecs_cluster/) } },
      },
      { Action: ['iam:PassRole'], Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } } },
    ]);
  });

  it('is told what to try', () => {
    const [container] = stack.containers('mcp-egress-canary');
    const environment = Object.fromEntries(
      (container?.environment as { name: string; value: string }[]).map(({ name, value }) => [name, value]),
    );
    expect(environment).toEqual({
      ALLOWED_URL: 'https://status.example.org/',
      OTHER_PORT: 'gateway.mcp.internal:10001',
      OUTSIDE: '1.1.1.1:443',
      OUTSIDE_NAME: 'example.com',
      PROXY_URL: 'http://gateway.mcp.internal:10002',
      REFUSED_URL: 'https://refused.invalid/',
    });
  });

  it('raises metrics, and alarms when it finds a way out, when its own way is closed, and when it is silent', () => {
    const all = alarms(stack);
    expect(all['canary-escaped']).toMatchObject({ metric_name: 'CanaryEscapes', threshold: 1 });
    expect(all['canary-broken']).toMatchObject({ metric_name: 'CanaryBroken', period: 900 });
    expect(all['canary-silent']).toMatchObject({
      metric_name: 'CanaryRuns',
      comparison_operator: 'LessThanThreshold',
      treat_missing_data: 'breaching',
    });
    expect(stack.list('aws_cloudwatch_log_metric_filter').map(({ name }) => name)).toEqual(
      expect.arrayContaining(['mcp-egress-CanaryBroken', 'mcp-egress-CanaryEscapes', 'mcp-egress-CanaryRuns']),
    );
  });

  it('leaves a perimeter sealed, and is part of the proof', () => {
    const { json } = synthesized((scope) => {
      const images = { gatewayImage: GATEWAY_IMAGES.image, syncImage: GATEWAY_IMAGES.syncImage };
      new EgressPerimeter(scope, 'perimeter', { policy: WITH_CANARY, ...images, monitoring: { canary } });
    });
    const { verdict, claims, reach } = proveSealed([{ name: 'stack', json }]);
    expect([verdict, claims.flatMap(({ findings }) => findings)]).toEqual(['sealed', []]);
    expect(reach.find(({ workload }) => workload === 'canary')?.own).toContain('gateway:10002');
  });
});

it('all that is wrong with the props is said at once', () => {
  const message = failure(
    monitored({
      topicArn: 'arn:aws:sns:eu-central-1:123456789012:ops',
      emailAddresses: ['nobody'],
      refusalRatePercent: 0,
    }),
  );
  for (const part of ['refusalRatePercent: 0', 'emailAddresses: says how', '"nobody" is not an e-mail address'])
    expect(message).toContain(part);
});

it('all that is wrong with a canary is said at once', () => {
  const wrong = {
    workload: 'canary',
    image: 'curlimages/curl',
    allowedUrl: 'https://other.example.org/',
    refusedUrl: 'https://status.example.org/',
    everyMinutes: 0,
    outside: '1.1.1.1',
  };
  const message = failure(monitored({ canary: wrong }, WITH_CANARY));
  for (const part of [
    'image: "curlimages/curl" is not in ECR',
    'allowedUrl: the policy says of "https://other.example.org/": denied (no_rule)',
    'refusedUrl: the policy says of "https://status.example.org/": allowed (rule)',
    'everyMinutes: 0',
    'outside: "1.1.1.1" is not an address and a port',
  ])
    expect(message).toContain(part);
  expect(failure(monitored({ canary }))).toContain('workload: "canary" is not in the policy');
});
