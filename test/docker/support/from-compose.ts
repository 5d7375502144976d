import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { ComposeFiles } from '../../../lib/docker';
import type { Engine } from './engine';

type Json = ReturnType<JSON['parse']>;

/** Runs what `render --target compose` writes, by Docker Compose itself. */
export class FromCompose {
  private readonly folder: string;

  constructor(private readonly engine: Engine) {
    this.folder = join(engine.folder, 'compose');
  }

  async up(files: ComposeFiles): Promise<string> {
    rmSync(this.folder, { recursive: true, force: true });
    for (const [path, content] of files) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), path === 'compose.yaml' ? forVersion1(content) : content);
    }
    const args = ['--project-name', 'test', '--file', 'compose.yaml', '--no-ansi', 'up', '--detach'];
    const { code, stdout, stderr } = await this.engine.command('docker-compose', args, this.folder);
    if (code !== 0) throw new Error(stderr);
    return stdout + stderr;
  }
}

/** Debian's Compose is 1.29, which does not know two fields of the Compose Specification: the project's name and `create_host_path`. */
function forVersion1(text: string): string {
  const { name: _name, services, ...rest } = parse(text);
  for (const service of Object.values<Json>(services)) {
    for (const volume of service.volumes ?? []) delete volume.bind;
  }
  return stringify({ ...rest, services });
}
