import type { Resource } from '../load/resource';

/** Types that make instances whose ids no document holds. */
const INSTANCES =
  /^aws_(autoscaling_group|ec2_fleet|spot_fleet_request|spot_instance_request|ecs_capacity_provider|batch_compute_environment)$/;

/** Types that make network interfaces whose ids no document holds, beside those of such instances. */
const INTERFACES =
  /^aws_(ecs_service|ecs_task_set|lambda_function|cloudwatch_event_target|scheduler_schedule|pipes_pipe)$/;

const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[\da-f]*:[\da-f:.]*)(\/\d+)?$/i;

/** Instances and interfaces that resources of the documents have AWS make, and that are no resources. */
export class MadeByAws {
  private readonly instances: boolean;
  private readonly interfaces: boolean;

  constructor(resources: readonly Resource[]) {
    const some = (types: RegExp) => resources.some(({ mode, type }) => mode === 'managed' && types.test(type));
    this.instances = some(INSTANCES);
    this.interfaces = this.instances || some(INTERFACES);
  }

  /** Whether a text that is no resource of the documents may be one of them, or an address of one of a type. */
  couldBe(text: string, type: string): boolean {
    if (type === 'aws_network_interface') return this.interfaces && text.startsWith('eni-');
    return type === 'aws_instance' && ((this.instances && text.startsWith('i-')) || ADDRESS.test(text));
  }
}
