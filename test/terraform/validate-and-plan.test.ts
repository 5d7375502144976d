import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MOTO_GAPS } from './support/moto-gaps';
import { MotoServer } from './support/moto-server';
import { planCopy } from './support/plan-copy';
import { describeWithTerraform } from './support/prerequisites';
import { appsUnderTest, synthesize } from './support/stacks';

// The providers of several plans run beside those of other test files; each command has a limit of its own.
jest.setTimeout(900_000);

describeWithTerraform('terraform validate and plan', ({ provider, pythonBin }) => {
  let moto: MotoServer;
  let work: string;

  beforeEach(async () => {
    work = mkdtempSync(join(tmpdir(), 'terraform-plan-'));
    // Data sources need answers.
    moto = await MotoServer.start(pythonBin);
  });
  afterEach(async () => {
    await moto.stop();
    rmSync(work, { recursive: true, force: true });
  });

  it.each(appsUnderTest())('$name: the real provider accepts every stack and would create all of it', async (app) => {
    const { folder, stacks } = await synthesize(app);
    try {
      for (const stack of stacks) {
        const copy = await planCopy(stack, { folder: work, provider, endpoint: moto.endpoint });
        await copy.terraform.validate();
        const { resource_changes = [] } = await copy.terraform.plan();
        const managed = resource_changes.filter(({ mode }) => mode === 'managed');
        expect(managed.filter(({ change }) => change.actions.join() !== 'create')).toEqual([]);
        expect(managed.length).toBeGreaterThanOrEqual(copy.resources);
        if (!stacks.some(({ dependencies }) => dependencies.includes(stack.name))) continue;
        // The plan of the next stack reads this one's outputs.
        const options = { folder: work, provider, endpoint: moto.endpoint, gaps: MOTO_GAPS };
        await (await planCopy(stack, options)).terraform.apply();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
