import { Construct } from 'constructs';
import { DockerPlanError, planPerimeter, type DockerPerimeterOptions } from '../../lib/docker';
import { DockerEgressGateway } from './docker-egress-gateway';
import { DockerMcpServer } from './docker-mcp-server';
import { throwIfAny } from './problems';

/** Props of {@link DockerPerimeter}. */
export type DockerPerimeterProps = DockerPerimeterOptions;

/**
 * A sealed environment on one Docker engine from one policy: the networks, the gateway, and the MCP servers behind it. The same policy
 * gives the same Envoy configuration as on AWS, but for the addresses.
 */
export class DockerPerimeter extends Construct {
  readonly gateway: DockerEgressGateway;
  /** By name in the policy. */
  readonly servers: Readonly<Record<string, DockerMcpServer>>;

  /** @throws {DockerPropsError} with everything that is wrong, of all servers at once */
  constructor(scope: Construct, id: string, props: DockerPerimeterProps) {
    super(scope, id);
    const { servers = {}, ...options } = props;
    throwIfAny(this, problemsOf(props));
    this.gateway = new DockerEgressGateway(this, 'Gateway', options);
    this.servers = Object.fromEntries(
      Object.entries(servers).map(([name, server]) => [
        name,
        new DockerMcpServer(this, name, { ...server, gateway: this.gateway, workload: name }),
      ]),
    );
  }
}

function problemsOf(props: DockerPerimeterProps): readonly string[] {
  try {
    planPerimeter(props);
    return [];
  } catch (error) {
    if (error instanceof DockerPlanError) return error.problems;
    throw error;
  }
}
