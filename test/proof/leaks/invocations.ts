import { arn } from '../support/base';
import { add, type Block, type Stack } from '../support/sealed';
import type { Leak } from './leak';
import { unknown } from './unknown';

const MAILER = arn('aws_lambda_function.mailer');
const INVOKE = '${aws_lambda_function.mailer.invoke_arn}';
const LITERAL = 'arn:aws:lambda:eu-west-1:111111111111:function:mailer';

function permit(stack: Stack, block: Block): void {
  add(stack, 'aws_lambda_permission', 'others', {
    function_name: MAILER,
    action: 'lambda:InvokeFunction',
    ...block,
  });
}

function permission(name: string, block: Block): Leak {
  return {
    name,
    breaks: ['C3'],
    names: 'aws_lambda_permission.others',
    change: (stack) => permit(stack, block),
  };
}

function doubtful(name: string, block: Block, prepare: (stack: Stack) => void = () => {}): Leak {
  return unknown(name, ['C3'], 'aws_lambda_permission.others', (stack) => {
    prepare(stack);
    permit(stack, block);
  });
}

const PERMISSIONS: readonly Leak[] = [
  permission('a function that another account may invoke', { principal: '999999999999' }),
  permission('a function that a role of another account may invoke', {
    principal: 'arn:aws:iam::999999999999:role/caller',
    function_name: 'mailer',
  }),
  permission('a function that everybody may invoke', { principal: '*', function_name: 'mailer' }),
  permission('a function that everybody may invoke by its name with a version', {
    principal: '*',
    function_name: '111111111111:function:mailer',
    qualifier: 'live',
  }),
  permission("a function that everybody's APIs may invoke", { principal: 'apigateway.amazonaws.com' }),
  permission("a function that a stranger's topic invokes", {
    principal: 'sns.amazonaws.com',
    source_arn: 'arn:aws:sns:eu-west-1:999999999999:topic',
  }),
  permission('a function that buckets of a stranger invoke', {
    principal: 's3.amazonaws.com',
    source_account: '999999999999',
  }),
  doubtful("a function that everybody's rules may invoke", { principal: 'events.amazonaws.com' }),
  doubtful('a function that a bucket invokes, whoever has it', {
    principal: 's3.amazonaws.com',
    source_arn: 'arn:aws:s3:::acme-data',
  }),
  doubtful('a function that somebody may invoke who is not known', { principal: '${var.caller}' }),
  doubtful('a function that may be a workload, and that everybody may invoke', {
    principal: '*',
    function_name: '${var.name}',
  }),
  doubtful('a function that an organisation may invoke', { principal: '*', principal_org_id: 'o-a1b2c3d4e5' }),
  doubtful('a function that an API of our own may invoke, which the documents do not hold', {
    principal: 'apigateway.amazonaws.com',
    source_arn: 'arn:aws:execute-api:eu-west-1:111111111111:a1b2c3d4e5/*/*',
  }),
  doubtful(
    'a function that an API may invoke whose body is not known',
    { principal: 'apigateway.amazonaws.com', source_arn: '${aws_api_gateway_rest_api.x.execution_arn}/*' },
    (stack) => add(stack, 'aws_api_gateway_rest_api', 'x', { name: 'x', body: '${file("api.json")}' }),
  ),
];

const integrations = (uri: string): string =>
  JSON.stringify({ paths: { '/': { post: { 'x-amazon-apigateway-integration': { type: 'aws_proxy', uri } } } } });

function front(name: string, type: string, block: Block): Leak {
  return {
    name,
    breaks: ['C3'],
    names: `${type}.leak`,
    change: (stack) => add(stack, type, 'leak', block),
  };
}

const FRONTS: readonly Leak[] = [
  front('a REST API whose body is put afterwards', 'aws_api_gateway_rest_api_put', {
    rest_api_id: 'a1b2c3d4e5',
    body: integrations(INVOKE),
  }),
  front('a REST API by its body', 'aws_api_gateway_rest_api', { name: 'x', body: integrations(INVOKE) }),
  front('a REST API by its body, with the ARN written out', 'aws_api_gateway_rest_api', {
    name: 'x',
    body: integrations(`arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${LITERAL}/invocations`),
  }),
  front('a REST API by a template of a file', 'aws_api_gateway_rest_api', {
    name: 'x',
    body: '${templatefile("api.json", {uri = aws_lambda_function.mailer.invoke_arn})}',
  }),
  front('an HTTP API by a condition', 'aws_apigatewayv2_integration', {
    api_id: 'a1b2c3d4e5',
    integration_type: 'AWS_PROXY',
    integration_uri: '${var.open ? aws_lambda_function.mailer.invoke_arn : ""}',
  }),
  front('an authorizer of an HTTP API', 'aws_apigatewayv2_authorizer', {
    api_id: 'a1b2c3d4e5',
    authorizer_type: 'REQUEST',
    authorizer_uri: INVOKE,
  }),
  front('an authorizer of a REST API', 'aws_api_gateway_authorizer', {
    rest_api_id: 'a1b2c3d4e5',
    authorizer_uri: INVOKE,
  }),
];

/** Ways in to functions by who may invoke them. */
export const INVOCATIONS: readonly Leak[] = [...PERMISSIONS, ...FRONTS];
