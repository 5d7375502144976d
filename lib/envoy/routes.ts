import { bracketHost } from '../policy/hosts';
import type { HostGroup, PortRules } from '../policy/match';
import type { Reason } from '../policy/reasons';
import type { Rule } from '../policy/types';
import { allowUntil, lastDay } from './expiry';
import type { GuardTarget, Guards } from './guards';
import { stateConfig, stateObject } from './http-filters';
import { CONNECT_ENDS, CONNECT_GOES_ON, denyRoute, routeMetadata, toCluster, WEBSOCKET } from './http-routes';
import { setHeader } from './local-replies';
import { edgeName, meaningHash, STATE } from './names';
import { resource, type ConfigObject, type NamedResource } from './resources';
import { format, shadowDenied } from './verdict';
import type { WorkloadScope } from './workload-scope';

/** Name of the filter that gives a tunnel its id; routes of other requests leave it idle. */
export const TUNNEL_FILTER = 'egress.tunnel';

const CONNECT: ConfigObject = { connect_matcher: {} };
const ANY: ConfigObject = { prefix: '/' };

/**
 * The route configuration of one workload: a virtual host for each group of hosts with the same rules (usually one a rule), its routes
 * by port and form, and a default that refuses. Hosts are matched without port, so that a wrong port is told from a wrong host.
 */
export function routeConfiguration(scope: WorkloadScope, guards: Guards): NamedResource {
  const router = new RouteBuilder(scope, guards);
  const groups = scope.rules.groups();
  return resource('envoy.config.route.v3.RouteConfiguration', edgeName(scope.workload), {
    ignore_port_in_host_matching: true,
    virtual_hosts: [...groups.map((group) => router.virtualHost(group)), router.defaultHost()],
    request_headers_to_add: [setHeader('x-egress-id', `%FILTER_STATE(${STATE.id}:PLAIN)%`)],
    response_headers_to_add: [setHeader('x-egress-id', `%FILTER_STATE(${STATE.id}:PLAIN)%`)],
    max_direct_response_body_size_bytes: 4096,
  });
}

class RouteBuilder {
  constructor(
    private readonly scope: WorkloadScope,
    private readonly guards: Guards,
  ) {}

  virtualHost({ hosts, ports }: HostGroup): ConfigObject {
    const domains = hosts.map(bracketHost);
    const routes = [...ports].flatMap(([port, rules]) => this.portRoutes(port, rules as readonly [Rule, ...Rule[]]));
    const named = firstRule(ports);
    return { name: `hosts.${meaningHash(domains)}`, domains, routes: [...routes, ...this.refuse('port', {}, named)] };
  }

  /** Everything that no rule names. A literal is told by its form: brackets, or a number as the last label. */
  defaultHost(): ConfigObject {
    const literal = authority({
      safe_regex: { regex: String.raw`(\[.*|(.*\.)?(0[xX][0-9a-fA-F]*|[0-9]+)\.?(:[0-9]+)?)` },
    });
    return {
      name: 'default',
      domains: ['*'],
      routes: [...this.refuse('ip_literal', { headers: [literal] }), ...this.refuse('no_rule', {})],
    };
  }

  private portRoutes(port: number, rules: readonly [Rule, ...Rule[]]): ConfigObject[] {
    const connect = { ...CONNECT, headers: [authority({ suffix: `:${port}` })] };
    const plain = { ...ANY, headers: [plainPort(port)] };
    const [{ protocol, id }] = rules;
    switch (protocol) {
      case 'tls':
        return [this.tunnel(connect, this.guards.tls(rules), id, rules), ...this.refusePlain('not_tls', plain, id)];
      case 'tcp':
        return [
          this.forward(connect, this.guards.tcp(rules), CONNECT_GOES_ON, id, rules),
          ...this.refusePlain('not_connect', plain, id),
        ];
      case 'http':
        return [
          this.tunnel(connect, this.guards.http(rules), id, rules),
          this.forward(plain, this.guards.forward(rules), WEBSOCKET, id, rules),
        ];
    }
  }

  private refuse(reason: Reason, match: ConfigObject, rule?: Rule): ConfigObject[] {
    if (!this.scope.observe) return [CONNECT, ANY].map((form) => denyRoute({ ...form, ...match }, reason, rule?.id));
    return [
      this.tunnel({ ...CONNECT, ...match }, this.guards.observed(reason, true), rule?.id),
      this.forward({ ...ANY, ...match }, this.guards.observed(reason, false), WEBSOCKET, rule?.id),
    ];
  }

  private refusePlain(reason: Reason, match: ConfigObject, rule: string): ConfigObject[] {
    if (!this.scope.observe) return [denyRoute(match, reason, rule)];
    return [this.forward(match, this.guards.observed(reason, false), WEBSOCKET, rule)];
  }

  /** A CONNECT that ends at the gateway's edge; its bytes go to a guard, which writes the decision. */
  private tunnel(match: ConfigObject, target: GuardTarget, rule?: string, expiring?: readonly Rule[]): ConfigObject {
    const id = stateObject(STATE.tunnel, `%FILTER_STATE(${STATE.id}:PLAIN)%`, true);
    return this.handOver(match, target, CONNECT_ENDS, rule, this.perFilter([id], expiring));
  }

  /** A request that goes on to a guard as HTTP. */
  private forward(
    match: ConfigObject,
    target: GuardTarget,
    upgrade: ConfigObject,
    rule?: string,
    expiring?: readonly Rule[],
  ): ConfigObject {
    return this.handOver(match, target, upgrade, rule, this.perFilter([], expiring));
  }

  private handOver(
    match: ConfigObject,
    target: GuardTarget,
    upgrade: ConfigObject,
    rule: string | undefined,
    perFilter: ConfigObject,
  ): ConfigObject {
    const minutes = this.scope.workload.limits.tunnelMinutes;
    const longest = minutes === undefined ? {} : { max_stream_duration: { max_stream_duration: `${minutes * 60}s` } };
    return {
      name: `${target.kind}/${rule ?? 'observe'}`,
      match,
      metadata: routeMetadata({ chain: target.chain, ...(rule !== undefined && { rule }) }),
      route: { ...toCluster(target.cluster, upgrade), ...longest },
      ...(Object.keys(perFilter).length > 0 && { typed_per_filter_config: perFilter }),
    };
  }

  /** What a route tells the listener's filters: state for its guard, and the last day of its rules where all of them have one. */
  private perFilter(states: readonly ConfigObject[], rules: readonly Rule[] = []): ConfigObject {
    const day = rules.length > 0 ? lastDay(rules) : undefined;
    const all = this.scope.observe && day !== undefined ? [...states, expiredState()] : states;
    return {
      ...(all.length > 0 && { [TUNNEL_FILTER]: stateConfig(all) }),
      ...(day !== undefined && allowUntil(day, this.scope.observe)),
    };
  }
}

function firstRule(ports: PortRules): Rule | undefined {
  return [...ports.values()].flat()[0];
}

function authority(string_match: ConfigObject): ConfigObject {
  return { name: ':authority', string_match };
}

/** The port of a target that need not name it: 80 may be left out. */
function plainPort(port: number): ConfigObject {
  if (port !== 80) return authority({ suffix: `:${port}` });
  return authority({ safe_regex: { regex: String.raw`(\[[^\]]*\]|[^:]*)(:80)?` } });
}

/** What the expiry filter, in shadow, found: guards write it into their lines. */
function expiredState(): ConfigObject {
  return stateObject(STATE.expired, format(`${shadowDenied('envoy.filters.http.rbac', 'expiry_')} ? 'yes' : ''`), true);
}
