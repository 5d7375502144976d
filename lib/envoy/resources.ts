/** Any value of Envoy's config as it stands in YAML. */
export type ConfigValue = string | number | boolean | null | readonly ConfigValue[] | ConfigObject;

/** A message of Envoy's config (protobuf's JSON mapping). */
export interface ConfigObject {
  readonly [field: string]: ConfigValue | undefined;
}

/** A listener, cluster or route configuration, as Envoy's discovery services deliver them: with its `@type` and a name. */
export interface NamedResource extends ConfigObject {
  readonly '@type': string;
  readonly name: string;
}

/** What becomes of one guard chain as the last days of its rules pass: what `closeExpiredAt` does, for every moment to come. */
export interface ChainExpiry {
  /** Name of the guard's internal listener. */
  readonly guard: string;
  /** The chain's key in this config. */
  readonly chain: string;
  /** In order of time. */
  readonly changes: readonly ChainChange[];
}

/** From `at` on (seconds since 1970) routes name the chain `chain`; whether it is still there. */
export interface ChainChange {
  readonly at: number;
  readonly chain: string;
  readonly open: boolean;
}

/** Everything that one policy compiles to. */
export interface CompiledConfig {
  /** The policy's hash. */
  readonly hash: string;
  /** `envoy.config.bootstrap.v3.Bootstrap`; does not depend on the policy. */
  readonly bootstrap: ConfigObject;
  readonly clusters: readonly NamedResource[];
  readonly listeners: readonly NamedResource[];
  /** Route configurations, one watched file each: `routes/<name>.yaml`. */
  readonly routes: readonly NamedResource[];
  /** The chains that time changes; no part of what Envoy reads. @default - none */
  readonly expiries?: readonly ChainExpiry[];
}

export interface CompileOptions {
  /** The folder in which Envoy sees its files, absolute. @default '/etc/mcp-egress' */
  readonly directory?: string;
  /** The address of the workloads' listeners and of the health endpoint. @default '0.0.0.0' */
  readonly bind?: string;
  /**
   * Addresses of single workloads' listeners, by the workload's name: where each workload reaches the gateway at an address of its own,
   * no other one can use its rules.
   * @default - `bind` for every workload
   */
  readonly bindFor?: Readonly<Record<string, string>>;
  /** @default 9900 */
  readonly healthPort?: number;
  /** Resolvers as `ip:port`. @default - those of the machine (/etc/resolv.conf) */
  readonly dns?: readonly string[];
  /** A unix socket for Envoy's admin interface. @default - no admin interface */
  readonly adminSocket?: string;
  /** The socket's file mode: who may connect may also stop Envoy. @default 0o600 */
  readonly adminSocketMode?: number;
  /**
   * Mebibytes of Envoy's heap at which it begins to refuse work: from 95 % on no new connections and requests, and memory that is not
   * used is given back; at the limit open connections close sooner (Envoy's overload manager). @default - no limit
   */
  readonly maxHeapMegabytes?: number;
  /**
   * TCP connections from all workloads together; what is beyond is closed at once. One workload has at most half of them, and 4,000, unless
   * its policy says otherwise. A tunnel takes two file descriptors, and an Envoy that has none left crashes (seen with 1.40): keep this
   * below half of `ulimit -n`. @default 20000
   */
  readonly maxConnections?: number;
  /** A file for the decisions, opened by Envoy. @default - standard output */
  readonly log?: string;
  /** Rules whose last day is over at this moment get no guard chain, so that their open tunnels end. @default - all rules get one */
  readonly closeExpiredAt?: Date;
  /**
   * Addresses of the gateway itself: public names never lead to them, and a rule with `private` or `address` that could reach them may
   * not name a port on which the gateway listens. `bind` and `bindFor` count where they are one address.
   * @default - loopback alone
   */
  readonly gatewayAddresses?: readonly string[];
}

const TYPE_PREFIX = 'type.googleapis.com/';

/** A message of a named type, as `typed_config` wants it. */
export function typed(type: string, fields: ConfigObject = {}): ConfigObject {
  return { '@type': `${TYPE_PREFIX}${type}`, ...fields };
}

/** A resource with its type and name first. */
export function resource(type: string, name: string, fields: ConfigObject): NamedResource {
  return { '@type': `${TYPE_PREFIX}${type}`, name, ...fields };
}
