import { id, onInstances } from '../support/base';
import { add, get, type Block } from '../support/sealed';
import type { Safe } from './safe';

/** Hosts that take the version of a launch template that is written. */
function version(how: string, template: Block, taken: Block): Safe {
  return {
    name: `${how} of a launch template`,
    change: (stack) => {
      onInstances(stack);
      Object.assign(get(stack, 'aws_launch_template', 'hosts'), template);
      get(stack, 'aws_autoscaling_group', 'hosts').launch_template = { id: id('aws_launch_template.hosts'), ...taken };
    },
  };
}

/** What is not as written, and opens no way. */
export const NOT_AS_WRITTEN: readonly Safe[] = [
  version('the default version, which follows the last one', { update_default_version: true }, {}),
  version(
    'the default version, which is the last one',
    { default_version: 5, latest_version: 5 },
    { version: '$Default' },
  ),
  version('the last version by its number', { latest_version: 5 }, { version: '5' }),
  version('the last version by reference', {}, { version: '${aws_launch_template.hosts.latest_version}' }),
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
    name: 'an action of Terraform that sends a mail',
    change: (stack) => {
      stack.action = [{ aws_ses_send_email: [{ done: { config: { source: 'a@example.com' } } }] }];
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
