import {
  add,
  claimOf,
  failing,
  findings,
  get,
  proveChanged,
  type Block,
  type Stack,
} from '../../../proof/support/sealed';

const ISOLATED = '${aws_subnet.isolated.id}';
const box = (stack: Stack, rest: Block = {}): void =>
  add(stack, 'aws_instance', 'box', {
    subnet_id: ISOLATED,
    vpc_security_group_ids: ['${aws_security_group.search.id}'],
    metadata_options: { http_tokens: 'required', http_put_response_hop_limit: 1 },
    ...rest,
  });
const mailer = (stack: Stack): void =>
  add(stack, 'aws_lambda_function', 'mailer', {
    function_name: 'mailer',
    vpc_config: { subnet_ids: [ISOLATED], security_group_ids: ['${aws_security_group.search.id}'] },
  });
const balancer = (stack: Stack, rest: Block): void => {
  add(stack, 'aws_lb', 'front', { load_balancer_type: 'application', subnets: ['${aws_subnet.public.id}'], ...rest });
  add(stack, 'aws_lb_target_group', 'search', { vpc_id: '${aws_vpc.main.id}', target_type: 'ip', port: 8080 });
  add(stack, 'aws_lb_listener', 'front', {
    load_balancer_arn: '${aws_lb.front.arn}',
    default_action: [{ type: 'forward', target_group_arn: '${aws_lb_target_group.search.arn}' }],
  });
  get(stack, 'aws_ecs_service', 'search').load_balancer = [
    { target_group_arn: '${aws_lb_target_group.search.arn}', container_name: 'search', container_port: 8080 },
  ];
};

describe('C3: public addresses and ways in', () => {
  it.each<[string, (stack: Stack) => void, RegExp]>([
    [
      'assign_public_ip',
      (stack) => ((get(stack, 'aws_ecs_service', 'search').network_configuration as Block).assign_public_ip = true),
      /network_configuration\.assign_public_ip is true/,
    ],
    [
      'map_public_ip_on_launch',
      (stack) => (get(stack, 'aws_subnet', 'isolated').map_public_ip_on_launch = true),
      /map_public_ip_on_launch is true/,
    ],
    [
      'IPv6 on launch',
      (stack) => (get(stack, 'aws_subnet', 'isolated').assign_ipv6_address_on_creation = true),
      /IPv6 address/,
    ],
    [
      'an instance with a public address',
      (stack) => box(stack, { associate_public_ip_address: true }),
      /aws_instance\.box gives a public address/,
    ],
    [
      'an elastic IP',
      (stack) => (box(stack), add(stack, 'aws_eip', 'x', { instance: '${aws_instance.box.id}' })),
      /aws_eip\.x gives aws_instance\.box a public address/,
    ],
    [
      'an elastic IP association',
      (stack) => (
        box(stack),
        add(stack, 'aws_eip_association', 'x', { instance_id: '${aws_instance.box.id}', allocation_id: 'eipalloc-1' })
      ),
      /aws_eip_association\.x/,
    ],
    [
      'a launch template',
      (stack) =>
        add(stack, 'aws_launch_template', 'x', {
          metadata_options: { http_endpoint: 'disabled' },
          network_interfaces: [
            {
              associate_public_ip_address: 'true',
              subnet_id: ISOLATED,
              security_groups: ['${aws_security_group.search.id}'],
            },
          ],
        }),
      /network_interfaces\.associate_public_ip_address/,
    ],
    [
      'an Internet-facing load balancer',
      (stack) => balancer(stack, {}),
      /aws_lb\.front faces the Internet and leads to aws_ecs_service\.search/,
    ],
    [
      'CloudFront in front of an internal one',
      (stack) => (
        balancer(stack, { internal: true }),
        add(stack, 'aws_cloudfront_vpc_origin', 'x', { vpc_origin_endpoint_config: [{ arn: '${aws_lb.front.arn}' }] })
      ),
      /a CloudFront VPC origin/,
    ],
    [
      'PrivateLink for others',
      (stack) => (
        balancer(stack, { internal: true }),
        add(stack, 'aws_vpc_endpoint_service', 'x', { network_load_balancer_arns: ['${aws_lb.front.arn}'] })
      ),
      /a PrivateLink service for other networks/,
    ],
    [
      'an Internet-facing load balancer with the group of a workload',
      (stack) =>
        add(stack, 'aws_lb', 'front', { subnets: [ISOLATED], security_groups: ['${aws_security_group.search.id}'] }),
      /aws_lb\.front faces the Internet/,
    ],
    [
      'a function URL',
      (stack) => (
        mailer(stack),
        add(stack, 'aws_lambda_function_url', 'x', {
          function_name: '${aws_lambda_function.mailer.function_name}',
          authorization_type: 'NONE',
        })
      ),
      /a function URL/,
    ],
    [
      'API Gateway',
      (stack) => (
        mailer(stack),
        add(stack, 'aws_apigatewayv2_integration', 'x', { integration_uri: '${aws_lambda_function.mailer.invoke_arn}' })
      ),
      /an API Gateway integration/,
    ],
    [
      'VPC Lattice',
      (stack) => (get(stack, 'aws_ecs_service', 'search').vpc_lattice_configurations = [{ target_group_arn: 'x' }]),
      /a target of VPC Lattice/,
    ],
  ])('%s breaks it', (_, change, message) => {
    const proof = proveChanged(change);
    expect(claimOf(proof, 'C3').status).toBe('broken');
    expect(findings(proof, 'C3').join('\n')).toMatch(message);
  });

  it.each<[string, (stack: Stack) => void, RegExp]>([
    [
      'assign_public_ip by variable',
      (stack) =>
        ((get(stack, 'aws_ecs_service', 'search').network_configuration as Block).assign_public_ip = '${var.p}'),
      /\$\{var\.p\} is a variable/,
    ],
    [
      'internal by variable',
      (stack) => balancer(stack, { internal: '${var.i}' }),
      /whether aws_lb\.front faces the Internet/,
    ],
    [
      'a target group by variable',
      (stack) => (get(stack, 'aws_ecs_service', 'search').load_balancer = [{ target_group_arn: '${var.tg}' }]),
      /what is in front of/,
    ],
    [
      'a listener that leads anywhere',
      (stack) => (
        balancer(stack, { internal: true }),
        add(stack, 'aws_lb_listener', 'x', {
          load_balancer_arn: 'arn:x',
          default_action: [{ target_group_arn: '${var.tg}' }],
        })
      ),
      /may lead to a workload/,
    ],
  ])('%s leaves it unproven', (_, change, message) => {
    const proof = proveChanged(change);
    expect(claimOf(proof, 'C3').status).toBe('unproven');
    expect(findings(proof, 'C3').join('\n')).toMatch(message);
  });

  it.each<[string, (stack: Stack) => void]>([
    ['an internal load balancer', (stack) => balancer(stack, { internal: true })],
    [
      'public addresses in other subnets',
      (stack) => (get(stack, 'aws_subnet', 'public').map_public_ip_on_launch = true),
    ],
    [
      'switches that are off',
      (stack) => (box(stack, { associate_public_ip_address: false, ipv6_address_count: 0 }), mailer(stack)),
    ],
  ])('%s keeps it', (_, change) => {
    expect(failing(proveChanged(change))).toEqual([]);
  });
});
