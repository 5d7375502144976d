import { DESTINATIONS } from './destinations';
import { DNS } from './dns';
import { ENDPOINT_POLICIES } from './endpoint-policies';
import { FUNCTION_VERSIONS } from './function-versions';
import { FUNCTIONS } from './functions';
import { GATEWAY } from './gateway';
import { GATEWAY_ENDPOINTS } from './gateway-endpoints';
import { HOSTILE } from './hostile';
import { HOSTILE_POLICIES } from './hostile-policies';
import { INVOCATIONS } from './invocations';
import type { Leak } from './leak';
import { MORE_DNS } from './more-dns';
import { MORE_ENDPOINT_POLICIES } from './more-endpoint-policies';
import { MORE_SECURITY_GROUPS } from './more-security-groups';
import { NOT_AS_WRITTEN } from './not-as-written';
import { MORE_TASKS } from './more-tasks';
import { MORE_WAYS_IN } from './more-ways-in';
import { REGISTRIES } from './registries';
import { RESOLUTION } from './resolution';
import { ROUTE_TABLES } from './route-tables';
import { ROUTES } from './routes';
import { SECURITY_GROUPS } from './security-groups';
import { STARTERS } from './starters';
import { TASKS } from './tasks';
import { UNKNOWN_VALUES } from './unknown-values';
import { WAYS_IN } from './ways-in';

/** Everything that somebody could do by hand, by the claim that it is mainly about. */
export const LEAKS: Readonly<Record<string, readonly Leak[]>> = {
  C1: [...ROUTES, ...ROUTE_TABLES],
  C2: [...SECURITY_GROUPS, ...MORE_SECURITY_GROUPS],
  C3: [...WAYS_IN, ...MORE_WAYS_IN, ...REGISTRIES, ...FUNCTIONS, ...INVOCATIONS],
  C4: [...ENDPOINT_POLICIES, ...GATEWAY_ENDPOINTS, ...MORE_ENDPOINT_POLICIES, ...DESTINATIONS],
  C5: [...DNS, ...MORE_DNS],
  C6: GATEWAY,
  C7: [...TASKS, ...MORE_TASKS],
  C8: [...RESOLUTION, ...NOT_AS_WRITTEN, ...STARTERS, ...UNKNOWN_VALUES, ...FUNCTION_VERSIONS],
  hostile: [...HOSTILE, ...HOSTILE_POLICIES],
};
