import { METADATA, STATE } from './names';
import { typed, type ConfigObject } from './resources';
import { template } from './template';

/** HTTP filters that carry a request's facts through Envoy; the judging ones stand in `envoy-templates/`. */

/** Splits the authority into host and port for replies; a target without port means 80. */
export function targetFilter(): ConfigObject {
  const part = (key: string, substitution: string) => ({
    header: ':authority',
    on_header_present: {
      metadata_namespace: METADATA,
      key,
      type: 'STRING',
      regex_value_rewrite: { pattern: { regex: '^\\[?(.*?)\\]?(:([0-9]+))?$' }, substitution },
    },
  });
  const port80 = { metadata_namespace: METADATA, key: 'port', type: 'STRING', value: '80' };
  return {
    name: 'egress.target',
    typed_config: typed('envoy.extensions.filters.http.header_to_metadata.v3.Config', {
      request_rules: [{ header: ':authority', on_header_present: port80 }, part('host', '\\1'), part('port', '\\3')],
    }),
  };
}

/** One object of the filter state, from a format string. */
export function stateObject(key: string, format: string, shared: boolean): ConfigObject {
  return {
    object_key: key,
    // Only hashable objects are part of the connection pool's key: others would leak one request's values into the next.
    ...(key !== STATE.dynamicHost && { factory_key: 'envoy.hashable_string' }),
    format_string: { text_format_source: { inline_string: format }, omit_empty_values: true },
    skip_if_empty: true,
    ...(shared && { shared_with_upstream: 'ONCE' }),
  };
}

/** Sets filter state from a request's headers and route. */
export function stateFilter(name: string, objects: readonly ConfigObject[]): ConfigObject {
  return { name, typed_config: stateConfig(objects) };
}

/** The same as a route's own configuration. */
export function stateConfig(objects: readonly ConfigObject[]): ConfigObject {
  return typed('envoy.extensions.filters.http.set_filter_state.v3.Config', {
    ...(objects.length > 0 && { on_request_headers: objects }),
  });
}

/** Refuses authorities that cannot be read, what is left of dot segments, and TRACE. */
export function shapeFilter(): ConfigObject {
  return template('request-shape');
}

/** Resolves a request's host through a DNS cache before it is routed to that cache's cluster. */
export function resolveFilter(dnsCacheConfig: ConfigObject): ConfigObject {
  return {
    name: 'egress.resolve',
    typed_config: typed('envoy.extensions.filters.http.dynamic_forward_proxy.v3.FilterConfig', {
      dns_cache_config: dnsCacheConfig,
    }),
  };
}

/** Requests of all forms and rules together, over the whole process. */
export function rateLimitFilter(requestsPerSecond: number): ConfigObject {
  const all = { default_value: { numerator: 100, denominator: 'HUNDRED' } };
  return {
    name: 'egress.rate',
    typed_config: typed('envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit', {
      stat_prefix: 'egress_rate',
      token_bucket: { max_tokens: requestsPerSecond, tokens_per_fill: requestsPerSecond, fill_interval: '1s' },
      filter_enabled: all,
      filter_enforced: all,
    }),
  };
}

/** The last filter. */
export function routerFilter(): ConfigObject {
  return {
    name: 'envoy.filters.http.router',
    typed_config: typed('envoy.extensions.filters.http.router.v3.Router', { suppress_envoy_headers: true }),
  };
}
