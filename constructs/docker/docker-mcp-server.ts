import { Construct } from 'constructs';
import type { Container } from '@cdktf/provider-docker/lib/container';
import { planServer, type DockerServerOptions, type ServerPlan } from '../../lib/docker';
import type { DockerEgressGateway } from './docker-egress-gateway';
import { throwIfAny, warn } from './problems';

export interface DockerMcpServerProps extends DockerServerOptions {
  readonly gateway: DockerEgressGateway;
  /** Its name in the policy. @default - the construct's id */
  readonly workload?: string;
}

/**
 * An MCP server in the network of its workload, whose only neighbour is the gateway: no other way out, no capabilities, limits on memory,
 * and, where it has a port, a forwarder that publishes it on 127.0.0.1.
 */
export class DockerMcpServer extends Construct {
  readonly workload: string;
  readonly plan: ServerPlan;
  readonly container: Container;
  /** Where the server has a port. */
  readonly forwarder?: Container;
  /** `http://127.0.0.1:8080`, for an agent on this machine. */
  readonly url?: string;

  /** @throws {DockerPropsError} with everything that is wrong */
  constructor(scope: Construct, id: string, props: DockerMcpServerProps) {
    super(scope, id);
    const { gateway, workload = id, ...options } = props;
    const problems: string[] = [];
    const plan = planServer(gateway.props, gateway.plan, workload, options, problems);
    throwIfAny(this, problems);
    if (plan === undefined) throw new Error(`no plan for ${workload}`);
    gateway.claim(workload);
    this.workload = workload;
    this.plan = plan;
    this.container = gateway.run(this, 'Container', plan.server);
    if (plan.forwarder) {
      this.forwarder = gateway.run(this, 'Forwarder', plan.forwarder);
      this.url = `http://127.0.0.1:${plan.forwarder.ports[0]?.hostPort}`;
    }
    warn(this, plan.warnings);
  }
}
