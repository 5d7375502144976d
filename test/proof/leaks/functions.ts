import { arn, id } from '../support/base';
import { add, get } from '../support/sealed';
import type { Leak } from './leak';

/** Ways in to functions, and by VPC Lattice. */
export const FUNCTIONS: readonly Leak[] = [
  {
    name: 'a URL of a function',
    breaks: ['C3'],
    names: 'aws_lambda_function_url.mailer',
    change: (stack) =>
      add(stack, 'aws_lambda_function_url', 'mailer', {
        function_name: '${aws_lambda_function.mailer.function_name}',
        authorization_type: 'NONE',
      }),
  },
  {
    name: 'a URL of an alias of a function',
    breaks: ['C3'],
    unproven: ['C8'],
    names: 'aws_lambda_function_url.live',
    change: (stack) => {
      add(stack, 'aws_lambda_alias', 'live', {
        name: 'live',
        function_name: arn('aws_lambda_function.mailer'),
        function_version: '1',
      });
      add(stack, 'aws_lambda_function_url', 'live', {
        function_name: '${aws_lambda_alias.live.function_name}',
        qualifier: '${aws_lambda_alias.live.name}',
        authorization_type: 'AWS_IAM',
      });
    },
  },
  {
    name: 'an HTTP API made in one step in front of a function',
    breaks: ['C3'],
    names: 'aws_apigatewayv2_api.mailer',
    change: (stack) =>
      add(stack, 'aws_apigatewayv2_api', 'mailer', {
        name: 'mailer',
        protocol_type: 'HTTP',
        target: '${aws_lambda_function.mailer.arn}',
      }),
  },
  {
    name: 'a REST API in front of a function',
    breaks: ['C3'],
    names: 'aws_api_gateway_integration.mailer',
    change: (stack) =>
      add(stack, 'aws_api_gateway_integration', 'mailer', {
        rest_api_id: 'a1b2c3d4e5',
        resource_id: 'r1',
        http_method: 'POST',
        type: 'AWS_PROXY',
        uri: '${aws_lambda_function.mailer.invoke_arn}',
      }),
  },
  {
    name: 'VPC Lattice in front of a service',
    breaks: ['C3'],
    names: 'aws_ecs_service.search',
    change: (stack) => {
      get(stack, 'aws_ecs_service', 'search').vpc_lattice_configurations = [
        {
          role_arn: 'arn:aws:iam::111111111111:role/lattice',
          target_group_arn: 'arn:aws:vpc-lattice:eu-west-1:111111111111:targetgroup/tg-0123456789abcdef0',
          port_name: 'http',
        },
      ];
    },
  },
  {
    name: 'VPC Lattice in front of an instance',
    breaks: ['C3'],
    names: 'aws_vpclattice_target_group_attachment.crawler',
    change: (stack) =>
      add(stack, 'aws_vpclattice_target_group_attachment', 'crawler', {
        target_group_identifier: 'tg-0123456789abcdef0',
        target: { id: id('aws_instance.crawler'), port: 80 },
      }),
  },
];
