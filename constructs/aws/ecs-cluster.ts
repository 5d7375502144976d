import { Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { EcsCluster as Cluster } from '@cdktf/provider-aws/lib/ecs-cluster';
import { EcsClusterCapacityProviders } from '@cdktf/provider-aws/lib/ecs-cluster-capacity-providers';
import { withName, type Tags } from './tags';

export interface EcsClusterProps {
  readonly clusterName: string;
  readonly tags?: Tags;
}

/** An ECS cluster with Container Insights, and the capacity providers that its services bring along. */
export class EcsCluster extends Construct {
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly resource: Cluster;
  private readonly providers: string[] = ['FARGATE'];
  private association?: EcsClusterCapacityProviders;

  constructor(scope: Construct, id: string, props: EcsClusterProps) {
    super(scope, id);
    this.clusterName = props.clusterName;
    this.resource = new Cluster(this, 'Resource', {
      name: props.clusterName,
      setting: [{ name: 'containerInsights', value: 'enabled' }],
      tags: withName(props.tags, props.clusterName),
    });
    this.clusterArn = this.resource.arn;
  }

  /**
   * Lets services of the cluster run on a capacity provider of EC2. A cluster has one list of providers, so it is kept here.
   * @returns what services wait for
   */
  addCapacityProvider(name: string): EcsClusterCapacityProviders {
    this.providers.push(name);
    this.association ??= new EcsClusterCapacityProviders(this, 'CapacityProviders', {
      clusterName: this.resource.name,
      capacityProviders: Lazy.listValue({ produce: () => this.providers }),
    });
    return this.association;
  }
}
