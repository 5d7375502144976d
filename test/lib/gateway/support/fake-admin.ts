import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { versionOf } from '../../../../lib/gateway/render-files';

/** Stats of a subscription: its prefix in Envoy's stats, and the file that it reads. */
function subscriptions(directory: string): [string, string][] {
  const folder = join(directory, 'routes');
  const routes = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith('.yaml') && !name.startsWith('.'))
    : [];
  return [
    ['cluster_manager.cds', 'clusters.yaml'],
    ['listener_manager.lds', 'listeners.yaml'],
    ...routes.map((name): [string, string] => [`http.edge.rds.${name.slice(0, -5)}`, join('routes', name)]),
  ];
}

/**
 * The admin interface of an Envoy that takes a file as soon as it is there, unless the file's text is refused. Every look at
 * the stats counts as one moment of Envoy's time.
 */
export class FakeAdmin {
  /** Relative paths, in the order in which they were taken. */
  readonly taken: string[] = [];
  /** Texts that are refused, or never answered for. */
  refuses: (text: string) => boolean = () => false;
  ignores: (text: string) => boolean = () => false;
  /** More lines of stats. */
  extra: () => string[] = () => [];
  private readonly versions = new Map<string, string>();
  private readonly seen = new Map<string, string>();
  private readonly rejected = new Map<string, number>();
  private server?: Server;

  constructor(
    private readonly directory: string,
    readonly socket = join(directory, 'admin.sock'),
  ) {}

  async listen(): Promise<void> {
    this.look();
    this.taken.length = 0;
    this.server = createServer((_, response) => response.end(this.look().join('\n')));
    await new Promise<void>((resolve) => this.server?.listen(this.socket, resolve));
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private look(): string[] {
    return [...subscriptions(this.directory).flatMap(([stat, path]) => this.lookAt(stat, path)), ...this.extra()];
  }

  private lookAt(stat: string, path: string): string[] {
    const file = join(this.directory, path);
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    // Envoy knows the file of a listener's routes only once it has the listener: here, from the second look on.
    const known = this.seen.has(path);
    if (this.seen.get(path) !== text && !this.ignores(text)) {
      this.seen.set(path, text);
      if (this.refuses(text)) this.rejected.set(stat, (this.rejected.get(stat) ?? 0) + 1);
      else this.take(stat, path, text);
    }
    if (!known) return [];
    return [
      `${stat}.version_text: "${this.versions.get(stat) ?? ''}"`,
      `${stat}.update_rejected: ${this.rejected.get(stat) ?? 0}`,
      `${stat}.update_failure: 0`,
    ];
  }

  private take(stat: string, path: string, text: string): void {
    this.versions.set(stat, versionOf(text) ?? '');
    this.taken.push(path);
  }
}
