import type { Access } from '../access';
import type { AwsEnvironment } from '../aws-environment';

/**
 * What the ECS agent of EC2 container instances does, for the endpoint `ecs` and for instance roles.
 * @param clusterName the one cluster that instances may join
 */
export function containerAgent(environment: AwsEnvironment, clusterName: string): Access[] {
  const { partition, region, account } = environment;
  const prefix = `arn:${partition}:ecs:${region}:${account}`;
  const clusterArn = `${prefix}:cluster/${clusterName}`;
  return [
    // It has no resource (Service Authorization Reference): it names the host that the agent then polls.
    { sid: 'EcsDiscover', actions: ['ecs:DiscoverPollEndpoint'], resources: ['*'] },
    {
      sid: 'EcsRegister',
      actions: ['ecs:DeregisterContainerInstance', 'ecs:RegisterContainerInstance'],
      resources: [clusterArn],
    },
    {
      sid: 'EcsReport',
      actions: ['ecs:SubmitAttachmentStateChanges', 'ecs:SubmitContainerStateChange', 'ecs:SubmitTaskStateChange'],
      resources: [clusterArn],
    },
    {
      sid: 'EcsPoll',
      actions: ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
      resources: [`${prefix}:container-instance/${clusterName}/*`],
      condition: { ArnEquals: { 'ecs:cluster': clusterArn } },
    },
  ];
}
