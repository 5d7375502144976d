import { rmSync } from 'node:fs';
import { DockerProvider } from '@cdktf/provider-docker/lib/provider';
import { TerraformStack, Testing } from 'cdktf';
import { DockerPerimeter } from '../../../constructs/docker';
import { planPerimeter, renderCompose, type DockerPerimeterOptions } from '../../../lib/docker';
import type { Engine } from './engine';
import { FromCompose } from './from-compose';
import { FromTerraform } from './from-terraform';

/** A way to bring a perimeter to an engine, and to change it. */
export interface Deployment {
  up(options: DockerPerimeterOptions): Promise<void>;
  /** @returns what says which containers were made anew */
  change(options: DockerPerimeterOptions): Promise<string>;
}

/** Both ways, by name. */
export const DEPLOYMENTS: readonly [string, (engine: Engine) => Deployment][] = [
  ['the Terraform JSON of DockerPerimeter', terraform],
  ['the compose file', compose],
];

function terraform(engine: Engine): Deployment {
  const target = new FromTerraform(engine);
  let json: unknown;
  return {
    up: (options) => target.apply((json = synth(options))),
    change: async (options) => {
      const before = json;
      return (await target.change(before, (json = synth(options)))).join();
    },
  };
}

function compose(engine: Engine): Deployment {
  const target = new FromCompose(engine);
  const up = (options: DockerPerimeterOptions) => target.up(renderCompose(planPerimeter(options), 'test'));
  return {
    up: async (options) => void (await up(options)),
    change: async (options) => (await up(options)).replace(/^(?!Recreating).*$/gm, ''),
  };
}

function synth(options: DockerPerimeterOptions): unknown {
  const app = Testing.app();
  try {
    const stack = new TerraformStack(app, 'stack');
    new DockerProvider(stack, 'docker', {});
    new DockerPerimeter(stack, 'Perimeter', options);
    return JSON.parse(Testing.synth(stack, true));
  } finally {
    rmSync(app.outdir, { recursive: true });
  }
}
