import { onInstances } from '../support/base';
import { add, get } from '../support/sealed';
import type { Safe } from './safe';

/** What is not as written, and opens no way. */
export const NOT_AS_WRITTEN: readonly Safe[] = [
  {
    name: 'numbers, zones and tags that stay as they were made',
    change: (stack) => {
      onInstances(stack);
      get(stack, 'aws_ecs_service', 'search').lifecycle = { ignore_changes: ['desired_count'] };
      get(stack, 'aws_autoscaling_group', 'hosts').lifecycle = [{ ignore_changes: ['desired_capacity'] }];
      get(stack, 'aws_subnet', 'isolated').lifecycle = { ignore_changes: ['availability_zone'] };
      get(stack, 'aws_security_group', 'search').lifecycle = { ignore_changes: ['tags["Owner"]', 'description'] };
    },
  },
  {
    name: 'a bucket that is taken over, and a route that is destroyed',
    change: (stack) => {
      add(stack, 'aws_s3_bucket', 'logs', { bucket: 'logs', lifecycle: { ignore_changes: 'all' } });
      stack.import = { to: 'aws_s3_bucket.logs', id: 'logs' };
      stack.removed = { from: 'aws_route.old', lifecycle: { destroy: true } };
    },
  },
];
