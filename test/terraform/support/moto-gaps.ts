import type { MotoGap } from './leave-out';

/**
 * What moto cannot do, even with test/python/moto_server.py, which adds what it answers by 500 (a 500 is retried by the provider for
 * ever).
 */
export const MOTO_GAPS: readonly MotoGap[] = [
  {
    type: 'aws_ecs_service',
    attribute: 'wait_for_steady_state',
    reason: 'moto runs no tasks, so that a service is never steady',
  },
];
