import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Container } from '@cdktf/provider-docker/lib/container';
import { Image } from '@cdktf/provider-docker/lib/image';
import type { Network } from '@cdktf/provider-docker/lib/network';
import { Volume } from '@cdktf/provider-docker/lib/volume';
import {
  planGateway,
  shortHash,
  type ContainerSpec,
  type DockerGatewayOptions,
  type GatewayPlan,
} from '../../lib/docker';
import type { EgressPolicy } from '../../lib/policy';
import { dockerContainer } from './docker-container';
import { dockerNetwork } from './docker-network';
import { throwIfAny, warn } from './problems';

/** Props of {@link DockerEgressGateway}. */
export type DockerEgressGatewayProps = DockerGatewayOptions;

/** What a container of a workload has to be told. */
export interface DockerWorkload {
  /** The workload's network; whatever is in it counts as the workload. */
  readonly network: Network;
  /** The gateway's listener for it. */
  readonly port: number;
  /** `http://10.213.113.82:10000` */
  readonly proxyUrl: string;
  /** The proxy's variables, in every spelling. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Envoy on a Docker engine, with a network of its own to each workload and the only leg to the outside. A short-lived loader writes the
 * configuration into a volume, so a changed policy replaces the loader alone, and the gateway goes on.
 */
export class DockerEgressGateway extends Construct {
  readonly policy: EgressPolicy;
  readonly plan: GatewayPlan;
  readonly container: Container;
  readonly loader: Container;
  readonly volume: Volume;
  readonly egressNetwork: Network;
  private readonly networks = new Map<string, Network>();
  private readonly images = new Map<string, Image>();
  private readonly served = new Set<string>();

  /** @throws {DockerPropsError} with everything that is wrong */
  constructor(
    scope: Construct,
    id: string,
    readonly props: DockerEgressGatewayProps,
  ) {
    super(scope, id);
    const problems: string[] = [];
    this.policy = props.policy;
    this.plan = planGateway(props, problems);
    throwIfAny(this, problems);
    const { workloads, egress, volume, gateway, loader } = this.plan;
    this.volume = new Volume(this, 'Config', { name: volume.name });
    this.egressNetwork = this.makeNetwork('Egress', egress);
    for (const { name, network } of workloads) this.makeNetwork(`Workload-${name}`, network);
    this.loader = this.run(this, 'Loader', loader);
    this.container = this.run(this, 'Envoy', gateway);
    warn(this, this.plan.warnings);
  }

  /**
   * The network and proxy of a workload of the policy, for containers that are no {@link DockerMcpServer}.
   * @throws {Error} the policy does not name it
   */
  workload(name: string): DockerWorkload {
    const found = this.plan.workloads.find((each) => each.name === name);
    const network = found && this.networks.get(found.network.name);
    if (!found || !network) {
      const known = this.plan.workloads.map((each) => each.name).join(', ') || 'none';
      throw new Error(
        `workload ${JSON.stringify(name)} is not in the policy (it has: ${known}); add it there with a port, or use one of these names.`,
      );
    }
    const { port, proxyUrl, environment } = found;
    return { network, port, proxyUrl, environment };
  }

  /**
   * Keeps a workload for one {@link DockerMcpServer}: two would have the same address.
   * @throws {Error} it has one already
   */
  claim(workload: string): void {
    if (this.served.has(workload))
      throw new Error(
        `workload ${JSON.stringify(workload)} has an MCP server already; give the second one a workload of its own in the policy.`,
      );
    this.served.add(workload);
  }

  /** What clients of the gateway wait for: it is made once it is healthy. */
  get dependables(): ITerraformDependable[] {
    return [this.container];
  }

  /** Makes a container of the plan; its networks and volumes are made before it. */
  run(scope: Construct, id: string, spec: ContainerSpec): Container {
    const published = this.plan.published.name;
    if (spec.networks.some(({ network }) => network === published) && !this.networks.has(published)) {
      this.makeNetwork('Published', this.plan.published);
    }
    return dockerContainer(scope, id, spec, {
      image: this.imageOf(spec.image).imageId,
      nameOf: (name) => this.networks.get(name)?.name ?? (name === this.plan.volume.name ? this.volume.name : name),
      dependsOn: this.before(spec),
    });
  }

  /** The gateway is healthy once the loader has published, so it must not be waited for before there is one. */
  private before({ name, after }: ContainerSpec): ITerraformDependable[] | undefined {
    if (name === this.plan.gateway.name) return [this.loader];
    return after === this.plan.gateway.name ? this.dependables : undefined;
  }

  private makeNetwork(id: string, spec: Parameters<typeof dockerNetwork>[2]): Network {
    const network = dockerNetwork(this, id, spec);
    this.networks.set(spec.name, network);
    return network;
  }

  /** One resource an image; it stays on the machine when the stack goes. */
  private imageOf(name: string): Image {
    const known = this.images.get(name);
    if (known) return known;
    const image = new Image(this, `Image-${shortHash(name)}`, { name, keepLocally: true });
    this.images.set(name, image);
    return image;
  }
}
