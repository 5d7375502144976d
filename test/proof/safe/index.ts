import { DESTINATIONS } from './destinations';
import { DNS_AND_TASKS } from './dns-and-tasks';
import { ENDPOINTS } from './endpoints';
import { GATEWAY_ENDPOINTS } from './gateway-endpoints';
import { INVOCATIONS } from './invocations';
import { MORE_ENDPOINTS } from './more-endpoints';
import { NOT_AS_WRITTEN } from './not-as-written';
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
  functions: [...INVOCATIONS, ...DESTINATIONS],
  endpoints: [...ENDPOINTS, ...GATEWAY_ENDPOINTS, ...MORE_ENDPOINTS],
  'DNS and tasks': DNS_AND_TASKS,
  starters: STARTERS,
  'what is not as written': NOT_AS_WRITTEN,
  tasks: TASKS,
  'ways in': WAYS_IN,
};
