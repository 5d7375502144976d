import type { Construct } from 'constructs';
import { AppautoscalingPolicy } from '@cdktf/provider-aws/lib/appautoscaling-policy';
import { AppautoscalingTarget } from '@cdktf/provider-aws/lib/appautoscaling-target';
import type { Tags } from './tags';

export interface ScaleServiceProps {
  readonly clusterName: string;
  readonly serviceName: string;
  readonly policyName: string;
  readonly minTasks: number;
  readonly maxTasks: number;
  readonly tags?: Tags;
}

/** Per cent of CPU, averaged over the tasks, that scaling keeps to. */
const CPU_TARGET = 60;

/** Lets an ECS service have as many tasks as its load needs. */
export function scaleService(scope: Construct, props: ScaleServiceProps): void {
  const target = new AppautoscalingTarget(scope, 'ScalingTarget', {
    serviceNamespace: 'ecs',
    resourceId: `service/${props.clusterName}/${props.serviceName}`,
    scalableDimension: 'ecs:service:DesiredCount',
    minCapacity: props.minTasks,
    maxCapacity: props.maxTasks,
    tags: { ...props.tags },
  });
  new AppautoscalingPolicy(scope, 'ScalingPolicy', {
    name: props.policyName,
    policyType: 'TargetTrackingScaling',
    serviceNamespace: target.serviceNamespace,
    resourceId: target.resourceId,
    scalableDimension: target.scalableDimension,
    targetTrackingScalingPolicyConfiguration: {
      predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
      targetValue: CPU_TARGET,
      scaleOutCooldown: 60,
      scaleInCooldown: 300,
    },
  });
}
