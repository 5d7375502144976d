import { readFileSync, rmSync } from 'node:fs';
import { appsUnderTest, synthesize } from '../../terraform/support/stacks';

interface TaskDefinition {
  readonly container_definitions: string;
}

interface Container {
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
}

/** The variables that examples/openclaw gives the container of the workload `openclaw`, as synth writes them. */
export async function exampleEnvironment(): Promise<Record<string, string>> {
  const app = appsUnderTest().find(({ name }) => name === 'openclaw');
  if (app === undefined) throw new Error('there is no examples/openclaw');
  const { folder, stacks } = await synthesize(app);
  try {
    const [stack] = stacks;
    const { resource } = JSON.parse(readFileSync(stack?.file ?? '', 'utf8')) as {
      resource: { aws_ecs_task_definition: Record<string, TaskDefinition> };
    };
    const [, task] = Object.entries(resource.aws_ecs_task_definition).find(([id]) => id.includes('_openclaw_')) ?? [];
    const [container] = JSON.parse(task?.container_definitions ?? '[]') as Container[];
    return Object.fromEntries((container?.environment ?? []).map(({ name, value }) => [name, value]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
