import type { Construct } from 'constructs';
import { EgressGateway, type EgressGatewayProps } from '../../../constructs/aws/egress-gateway';
import { McpNetwork } from '../../../constructs/aws/mcp-network';
import { examplePolicy } from './policies';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** An image of ECR, by digest. */
export function ecrImage(repository: string): string {
  return `123456789012.dkr.ecr.eu-central-1.amazonaws.com/${repository}@${DIGEST}`;
}

/** Images of the gateway in ECR, so that nothing warns and nothing pulls through NAT. */
export const GATEWAY_IMAGES = { image: ecrImage('envoy'), syncImage: ecrImage('aws-cli') } as const;

/** A gateway of the example policy in a network of its own: ids `network` and `gateway`. */
export function exampleGateway(scope: Construct, props: Partial<EgressGatewayProps> = {}): EgressGateway {
  const network = props.network ?? new McpNetwork(scope, 'network');
  return new EgressGateway(scope, 'gateway', { policy: examplePolicy(), ...GATEWAY_IMAGES, network, ...props });
}
