import { escapeTemplate } from '../escape-template';

/** Kinds of mount, port and so on are those of ECS's `ContainerDefinition` (API reference), in its own spelling. */
export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly entryPoint?: readonly string[];
  readonly command?: readonly string[];
  /** `uid:gid`. */
  readonly user?: string;
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
  readonly secrets?: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly portMappings?: readonly PortMapping[];
  readonly mountPoints?: readonly MountPoint[];
  readonly dependsOn?: readonly { readonly containerName: string; readonly condition: DependencyCondition }[];
  readonly healthCheck?: HealthCheck;
  readonly linuxParameters?: LinuxParameters;
  readonly readonlyRootFilesystem: boolean;
  readonly privileged?: false;
  readonly restartPolicy?: { readonly enabled: boolean; readonly restartAttemptPeriod?: number };
  /** Seconds. */
  readonly startTimeout?: number;
  /** Seconds; at most 120 on Fargate. */
  readonly stopTimeout?: number;
  readonly cpu?: number;
  readonly memory?: number;
  readonly memoryReservation?: number;
  readonly ulimits?: readonly { readonly name: 'nofile'; readonly softLimit: number; readonly hardLimit: number }[];
  readonly logConfiguration?: LogConfiguration;
  readonly dockerSecurityOptions?: readonly string[];
}

export type DependencyCondition = 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY';

export interface PortMapping {
  readonly containerPort: number;
  readonly protocol: 'tcp';
}

export interface MountPoint {
  readonly sourceVolume: string;
  readonly containerPath: string;
  readonly readOnly: boolean;
}

export interface HealthCheck {
  /** `CMD` or `CMD-SHELL` first. */
  readonly command: readonly string[];
  /** Seconds, 5 to 300. */
  readonly interval?: number;
  /** Seconds, 2 to 60. */
  readonly timeout?: number;
  /** 1 to 10. */
  readonly retries?: number;
  /** Seconds, 0 to 300. */
  readonly startPeriod?: number;
}

export interface LinuxParameters {
  readonly capabilities?: { readonly drop: readonly string[] };
  readonly initProcessEnabled?: boolean;
  /** `size` in MiB. */
  readonly tmpfs?: readonly {
    readonly containerPath: string;
    readonly size: number;
    readonly mountOptions?: readonly string[];
  }[];
}

export interface LogConfiguration {
  readonly logDriver: 'awslogs';
  readonly options: Readonly<Record<string, string>>;
}

/**
 * The JSON of a task definition's containers. Terraform reads `${` and `%{` in it as its own, so these are written twice in everything
 * but the tokens of this library.
 */
export function renderContainers(containers: readonly ContainerDefinition[]): string {
  return JSON.stringify(containers.map((container) => escapeTemplate(container)));
}
