import { routerFilter } from './http-filters';
import type { ConfigObject } from './resources';
import { template } from './template';

export interface HttpManagerProps {
  readonly statPrefix: string;
  /** HTTP filters before the router. */
  readonly filters: readonly ConfigObject[];
  /** `rds` or `route_config`. */
  readonly routes: ConfigObject;
  readonly replies: ConfigObject;
  readonly logs: readonly ConfigObject[];
  /** Whether the requests come from the workload itself: what looks like our own headers is then taken off. */
  readonly fromWorkload: boolean;
  /** More fields of the HTTP connection manager. */
  readonly fields?: ConfigObject;
}

/** The network filter that reads HTTP, with the settings that all of our listeners share. */
export function httpManager(props: HttpManagerProps): ConfigObject {
  const skeleton = template('http-connection-manager');
  const { early_header_mutation_extensions: early, ...common } = skeleton.typed_config as ConfigObject;
  return {
    ...skeleton,
    typed_config: {
      ...common,
      stat_prefix: props.statPrefix,
      early_header_mutation_extensions: props.fromWorkload ? withoutOurHeaders(early) : early,
      ...props.routes,
      http_filters: [...props.filters, routerFilter()],
      local_reply_config: props.replies,
      access_log: props.logs,
      ...props.fields,
    },
  };
}

function withoutOurHeaders(early: ConfigObject[string]): ConfigObject[] {
  const [extension] = early as ConfigObject[];
  const config = extension?.typed_config as ConfigObject;
  const ours = { remove_on_match: { key_matcher: { prefix: 'x-egress-', ignore_case: true } } };
  return [{ ...extension, typed_config: { ...config, mutations: [...(config.mutations as ConfigObject[]), ours] } }];
}
