import { arn, id } from '../support/base';
import { add, get, type Block, type Stack } from '../support/sealed';
import type { Leak } from './leak';
import { blueGreen } from './more-ways-in';

/** An HTTP API that leads to a registry, and what stands in the registry. */
function registry(stack: Stack, attributes: Block, more: Block = {}): void {
  add(stack, 'aws_service_discovery_http_namespace', 'mcp', { name: 'mcp' });
  add(stack, 'aws_service_discovery_service', 'crawler', {
    name: 'crawler',
    namespace_id: id('aws_service_discovery_http_namespace.mcp'),
  });
  add(stack, 'aws_service_discovery_instance', 'crawler', {
    instance_id: 'crawler',
    service_id: id('aws_service_discovery_service.crawler'),
    attributes: { AWS_INSTANCE_PORT: '8080', ...attributes },
    ...more,
  });
  add(stack, 'aws_apigatewayv2_integration', 'crawler', {
    api_id: 'a1b2c3d4e5',
    integration_type: 'HTTP_PROXY',
    connection_type: 'VPC_LINK',
    integration_uri: arn('aws_service_discovery_service.crawler'),
  });
}

const SERVICE = 'arn:aws:servicediscovery:eu-west-1:111111111111:service/srv-0123456789abcdef';

/** Registries of Cloud Map, to which an API can lead without a load balancer. */
export const REGISTRIES: readonly Leak[] = [
  {
    name: 'an API in front of a registry with the address of an instance',
    breaks: ['C3'],
    names: 'aws_apigatewayv2_integration.crawler',
    change: (stack) => registry(stack, { AWS_INSTANCE_IPV4: '${aws_instance.crawler.private_ip}' }),
  },
  {
    name: 'an API in front of a registry with an address of nobody knows whom',
    unproven: ['C3'],
    names: 'aws_service_discovery_instance.crawler',
    change: (stack) => registry(stack, { AWS_INSTANCE_IPV4: '10.1.2.10' }),
  },
  {
    name: 'an instance in a registry that is a variable, beside an API in front of one',
    unproven: ['C3'],
    names: 'aws_instance.crawler',
    change: (stack) =>
      registry(stack, { AWS_INSTANCE_IPV4: '${aws_instance.crawler.private_ip}' }, { service_id: '${var.registry}' }),
  },
  {
    name: 'an API in front of a registry that is not in the documents, in which a service writes its addresses',
    breaks: ['C3'],
    names: 'aws_apigatewayv2_integration.search',
    change: (stack) => {
      get(stack, 'aws_ecs_service', 'search').service_registries = { registry_arn: SERVICE };
      add(stack, 'aws_apigatewayv2_integration', 'search', {
        api_id: 'a1b2c3d4e5',
        integration_type: 'HTTP_PROXY',
        connection_type: 'VPC_LINK',
        integration_uri: SERVICE,
      });
    },
  },
  {
    name: 'an API in front of the internal load balancer of a workload, by a registry',
    breaks: ['C3'],
    names: 'aws_apigatewayv2_integration.crawler',
    change: (stack) => {
      blueGreen(stack, 'ECS');
      registry(stack, { AWS_ALIAS_DNS_NAME: '${aws_lb.inner.dns_name}' });
    },
  },
];
