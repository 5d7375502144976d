import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MOTO_GAPS } from './moto-gaps';
import { MotoServer } from './moto-server';
import { planCopy, type PlanCopy } from './plan-copy';
import { describeWithTerraform } from './prerequisites';
import { appsUnderTest, synthesize, type SynthesizedStack } from './stacks';
import { unexplained } from './unexplained';

const MAY_BE_LEFT_OUT = 0.1;

/** Applies an app to moto and plans it once more. One app a file, so that two run at a time: an apply mostly waits. */
export function testApply(name: string): void {
  // Such as for a bucket's lifecycle rules (50 s); each command has a limit of its own.
  jest.setTimeout(1_200_000);

  describeWithTerraform(`terraform apply of ${name} to moto`, ({ provider, pythonBin }) => {
    let moto: MotoServer;
    let work: string;
    let synthesized: string;
    let stacks: SynthesizedStack[];
    const copies = new Map<string, PlanCopy>();

    beforeAll(async () => {
      const app = appsUnderTest().find((each) => each.name === name);
      if (!app) throw new Error(`there is no app ${JSON.stringify(name)}; see examples/`);
      work = mkdtempSync(join(tmpdir(), 'terraform-apply-'));
      moto = await MotoServer.start(pythonBin);
      ({ folder: synthesized, stacks } = await synthesize(app));
      for (const stack of stacks) {
        const options = { folder: work, provider, endpoint: moto.endpoint, gaps: MOTO_GAPS };
        const copy = await planCopy(stack, options);
        copies.set(stack.name, copy);
        await copy.terraform.apply();
      }
    });
    afterAll(async () => {
      await moto?.stop();
      for (const folder of [work, synthesized]) rmSync(folder, { recursive: true, force: true });
    });

    it('is applied but for a small part', () => {
      const resources = [...copies.values()].reduce((sum, copy) => sum + copy.resources, 0);
      expect(resources).toBeGreaterThan(0);
      for (const [stack, { leftOut }] of copies) {
        // Named, so that a failure says what to look at.
        expect({ stack, tooMuch: leftOut.share > MAY_BE_LEFT_OUT ? leftOut.resources : [] }).toEqual({
          stack,
          tooMuch: [],
        });
      }
    });

    it('has nothing to change afterwards', async () => {
      for (const [stack, { terraform }] of copies) {
        expect({ stack, changes: unexplained(await terraform.plan()) }).toEqual({ stack, changes: [] });
      }
    });
  });
}
