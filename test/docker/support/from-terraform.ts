import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Engine } from './engine';

type Json = ReturnType<JSON['parse']>;
type Resources = Readonly<Record<string, Readonly<Record<string, Json>>>>;

/** Attributes of a container that say something about Terraform alone, or that another function reads. */
const ELSEWHERE = ['name', 'image', 'command', 'entrypoint', 'networks_advanced', 'upload', 'must_run', 'wait'].concat([
  'wait_timeout',
  'destroy_grace_seconds',
  'depends_on',
  '//',
]);

/** How each attribute is said to `docker create`. One that is not here fails the test. */
const OPTIONS: Readonly<Record<string, (value: Json) => string[]>> = {
  capabilities: ({ drop }) => each('--cap-drop', drop),
  dns: (all) => each('--dns', all),
  env: (all) => each('--env', all),
  healthcheck: (check) => [
    ...['--health-interval', check.interval, '--health-timeout', check.timeout],
    ...['--health-start-period', check.start_period, '--health-retries', String(check.retries)],
  ],
  host: (all) =>
    each(
      '--add-host',
      all.map(({ host, ip }: Json) => `${host}:${ip}`),
    ),
  log_driver: (value) => ['--log-driver', value],
  log_opts: (all) => each('--log-opt', pairs(all)),
  memory: (value) => ['--memory', `${value}m`],
  memory_swap: (value) => ['--memory-swap', `${value}m`],
  mounts: (all) => each('--mount', all.map(mount)),
  network_mode: (value) => ['--network', value],
  ports: (all) =>
    each(
      '--publish',
      all.map((port: Json) => `${port.ip}:${port.external}:${port.internal}/${port.protocol}`),
    ),
  read_only: (value) => [`--read-only=${value}`],
  restart: (value) => ['--restart', value],
  security_opts: (all) => each('--security-opt', all),
  stop_timeout: (value) => ['--stop-timeout', String(value)],
  sysctls: (all) => each('--sysctl', pairs(all)),
  tmpfs: (all) =>
    each(
      '--tmpfs',
      Object.entries(all).map(([path, options]) => `${path}:${options as string}`),
    ),
  user: (value) => ['--user', value],
};

/** Makes on an engine what Terraform would make of a stack's JSON, container by container, in the way of the provider. */
export class FromTerraform {
  constructor(private readonly engine: Engine) {}

  async apply(json: Json): Promise<void> {
    const all = this.resolved(json);
    for (const network of Object.values(all.docker_network ?? {})) await this.network(network);
    for (const { name } of Object.values(all.docker_volume ?? {})) await this.engine.docker('volume', 'create', name);
    const containers = Object.values(all.docker_container ?? {});
    // The order of `depends_on`: those that wait for others come last.
    const waits = (container: Json): number => (container.depends_on ?? []).length;
    const loaderFirst = (container: Json): number => (container.upload ? 0 : 1);
    for (const container of containers.sort((a, b) => loaderFirst(a) - loaderFirst(b) || waits(a) - waits(b))) {
      await this.container(container);
    }
  }

  /** Replaces the containers whose attributes differ, as a plan would. @returns their names */
  async change(before: Json, after: Json): Promise<string[]> {
    const [old, next] = [this.resolved(before), this.resolved(after)].map((all) => all.docker_container ?? {});
    const changed = Object.entries(next ?? {}).filter(
      ([id, each]) => JSON.stringify(each) !== JSON.stringify(old?.[id]),
    );
    for (const [, container] of changed) {
      await this.engine.docker('rm', '-f', container.name);
      await this.container(container);
    }
    return changed.map(([, { name }]) => name as string);
  }

  private async network({ name, driver, internal, ipv6, options = {}, ipam_config: [ipam] }: Json): Promise<void> {
    const flags = ['--driver', driver, `--internal=${internal}`, `--ipv6=${ipv6}`];
    flags.push('--subnet', ipam.subnet, '--gateway', ipam.gateway, '--ip-range', ipam.ip_range);
    await this.engine.docker('network', 'create', ...flags, ...each('--opt', pairs(options)), name);
  }

  private async container(spec: Json): Promise<void> {
    const unknown = Object.keys(spec).filter((name) => !(name in OPTIONS) && !ELSEWHERE.includes(name));
    if (unknown.length > 0) throw new Error(`attributes that this test does not know: ${unknown.join(', ')}`);
    const options = Object.entries(OPTIONS).flatMap(([name, say]) => (spec[name] === undefined ? [] : say(spec[name])));
    const networks = spec.networks_advanced ?? [];
    // The client cannot say a health check in `CMD` form, so an entry of the image says it; the same words run.
    const health = spec.healthcheck ? ['--health-cmd', shell(spec.healthcheck.test.slice(1))] : [];
    const [program, ...first] = spec.entrypoint ?? [];
    const own = networks.length > 0 ? ['--network', networks[0].name, '--ip', networks[0].ipv4_address] : [];
    const aliases = each('--network-alias', networks[0]?.aliases ?? []);
    await this.engine.docker(
      ...['create', '--pull', 'never'],
      ...['--name', spec.name, ...options, ...health, ...own, ...aliases],
      ...(program === undefined ? [] : ['--entrypoint', program]),
      ...[spec.image, ...first, ...(spec.command ?? [])],
    );
    for (const { name, ipv4_address: ip, aliases: names = [] } of networks.slice(1)) {
      await this.engine.docker('network', 'connect', '--ip', ip, ...each('--alias', names), name, spec.name);
    }
    await this.upload(spec);
    await this.engine.docker('start', spec.name);
  }

  /** As the provider does it: an archive that is unpacked at the root. */
  private async upload({ name, upload = [] }: Json): Promise<void> {
    if (upload.length === 0) return;
    const folder = mkdtempSync(join(tmpdir(), 'mcp-egress-upload-'));
    for (const { file, content } of upload) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), content);
    }
    await this.engine.docker('cp', `${folder}/.`, `${name}:/`);
    rmSync(folder, { recursive: true });
  }

  /** The resources with references replaced, and Terraform's escapes undone. */
  private resolved({ resource }: Json): Resources {
    const replace = (value: Json): Json => {
      if (Array.isArray(value)) return value.map(replace);
      if (value !== null && typeof value === 'object')
        return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replace(inner)]));
      if (typeof value !== 'string') return value;
      const [, type, id, attribute] = /^\$\{(docker_\w+)\.([\w-]+)\.(name|image_id)\}$/.exec(value) ?? [];
      if (type !== undefined && id !== undefined && attribute !== undefined) return replace(resource[type][id].name);
      return value.replace(/\$\$\{/g, '${').replace(/%%\{/g, '%{');
    };
    return replace(resource) as Resources;
  }
}

function each(option: string, values: readonly string[]): string[] {
  return values.flatMap((value) => [option, value]);
}

function pairs(all: Readonly<Record<string, string>>): string[] {
  return Object.entries(all).map(([name, value]) => `${name}=${value}`);
}

function mount({ type, source, target, read_only: readOnly }: Json): string {
  return `type=${type},source=${source},target=${target}${readOnly ? ',readonly' : ''}`;
}

function shell(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}
