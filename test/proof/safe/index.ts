import { DNS_AND_TASKS } from './dns-and-tasks';
import { ENDPOINTS } from './endpoints';
import { ROUTES } from './routes';
import type { Safe } from './safe';
import { SECURITY_GROUPS } from './security-groups';
import { STARTERS } from './starters';
import { TASKS } from './tasks';
import { WAYS_IN } from './ways-in';

/** Other ways to write what is sealed, by subject. */
export const SAFE: Readonly<Record<string, readonly Safe[]>> = {
  routes: ROUTES,
  'security groups': SECURITY_GROUPS,
  endpoints: ENDPOINTS,
  'DNS and tasks': DNS_AND_TASKS,
  starters: STARTERS,
  tasks: TASKS,
  'ways in': WAYS_IN,
};
