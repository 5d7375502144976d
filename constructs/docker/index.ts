/** Constructs for Docker: on one machine, MCP servers whose only way out is the gateway. */
export { DockerEgressGateway, type DockerEgressGatewayProps, type DockerWorkload } from './docker-egress-gateway';
export { DockerMcpServer, type DockerMcpServerProps } from './docker-mcp-server';
export { DockerPerimeter, type DockerPerimeterProps } from './docker-perimeter';
export { DockerPropsError } from './problems';
