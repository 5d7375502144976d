/** What is made on a Docker engine, in Docker's own terms: the constructs and the compose file are two spellings of it. */
export interface DockerPlan {
  readonly networks: readonly NetworkSpec[];
  readonly volumes: readonly VolumeSpec[];
  /** In the order in which they can be made. */
  readonly containers: readonly ContainerSpec[];
  /** What a person should know and the plan does not refuse; a sentence each. */
  readonly warnings: readonly string[];
}

/** A bridge network without IPv6. */
export interface NetworkSpec {
  /** Unique on the engine. */
  readonly name: string;
  /** IPv4 CIDR. */
  readonly subnet: string;
  /** The bridge's own address; a closed network's bridge does not have it, and nobody else may. */
  readonly gateway: string;
  /** The part of it from which the engine gives addresses to containers that ask for none. */
  readonly ipRange: string;
  /** Without a way out (`docker network create --internal`). */
  readonly internal: boolean;
  /** Of the bridge driver. */
  readonly options: Readonly<Record<string, string>>;
}

/** A named volume of the driver `local`. */
export interface VolumeSpec {
  readonly name: string;
}

/** A container; what is not said here is as the engine does it. All drop every capability and may gain no privileges. */
export interface ContainerSpec {
  /** Unique on the engine; also the service's name in a compose file. */
  readonly name: string;
  readonly image: string;
  /** `uid:gid`. @default - the image's */
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
  /** Folders in memory with their mount options. */
  readonly tmpfs: Readonly<Record<string, string>>;
  readonly mounts: readonly MountSpec[];
  /** Files that are put into the container before it starts. */
  readonly files: readonly FileSpec[];
  /** Empty: no network at all. */
  readonly networks: readonly AttachmentSpec[];
  /** Resolvers that the engine's own one asks. @default - the machine's */
  readonly dns?: readonly string[];
  /** Lines of /etc/hosts. */
  readonly extraHosts: readonly { readonly host: string; readonly ip: string }[];
  readonly ports: readonly PortSpec[];
  readonly sysctls: Readonly<Record<string, string>>;
  readonly healthCheck?: HealthCheckSpec;
  readonly restart: 'no' | 'on-failure' | 'unless-stopped';
  /** Whether it is there to end: what makes it does not expect it to run. */
  readonly oneShot: boolean;
  /** Seconds between TERM and KILL. */
  readonly stopSeconds: number;
  readonly memoryMiB: number;
  readonly pidsLimit: number;
  readonly logDriver: string;
  readonly logOptions: Readonly<Record<string, string>>;
  /** A container that has to be healthy before this one starts. */
  readonly after?: string;
}

/** Dropped by every container. */
export const DROPPED_CAPABILITIES: readonly string[] = ['ALL'];

/** Of every container. */
export const SECURITY_OPTIONS: readonly string[] = ['no-new-privileges:true'];

/** `source` is a volume's name, or for `bind` an absolute path on the machine. */
export interface MountSpec {
  readonly type: 'volume' | 'bind';
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

export interface FileSpec {
  /** Absolute. */
  readonly path: string;
  readonly content: string;
}

export interface AttachmentSpec {
  readonly network: string;
  /** IPv4. */
  readonly address: string;
  /** Names under which the engine's resolver knows it there. */
  readonly aliases: readonly string[];
}

export interface PortSpec {
  /** Of the machine. */
  readonly address: string;
  readonly hostPort: number;
  readonly containerPort: number;
}

export interface HealthCheckSpec {
  /** `CMD` first. */
  readonly test: readonly string[];
  /** Seconds. */
  readonly interval: number;
  /** Seconds. */
  readonly timeout: number;
  readonly retries: number;
  /** Seconds. */
  readonly startPeriod: number;
}
