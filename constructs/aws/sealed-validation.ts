import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { Construct, type IConstruct, type IValidation } from 'constructs';
import { proofText, proveSealed, type Acceptance, type Proof, type TerraformDocument } from '../../lib/proof';

export interface SealedValidationProps {
  /** What synth does where the proof cannot tell. */
  readonly onUnproven: 'fail' | 'warn';
  /** Broken claims that somebody answers for. */
  readonly accept: readonly Acceptance[];
}

const ID = 'mcp-egress-proof';
const HEAD = 'the network is not proven to be sealed (mcp-egress prove cdktf.out says the same)';

/**
 * The proof over all stacks of the app, as a validation of the app itself: cdktf runs it after every stack was written, aspects and all.
 * An app has one, whoever asks; the strictest `onUnproven` counts. `skipValidation` of the app switches it off.
 */
export class SealedValidation extends Construct implements IValidation {
  private onUnproven: SealedValidationProps['onUnproven'];
  private readonly accept: Acceptance[];

  private constructor(
    private readonly app: App,
    props: SealedValidationProps,
  ) {
    super(app, ID);
    this.onUnproven = props.onUnproven;
    this.accept = [...props.accept];
    app.node.addValidation(this);
  }

  /** Adds the validation to the app of `scope`. A construct outside of an app, as in a unit test, has none. */
  static addTo(scope: IConstruct, props: SealedValidationProps): void {
    const { root } = scope.node;
    if (!App.isApp(root)) return;
    const there = root.node.tryFindChild(ID) as SealedValidation | undefined;
    if (there) there.join(props);
    else new SealedValidation(root, props);
  }

  /** Called by cdktf; what it returns fails the synth. */
  validate(): string[] {
    const proof = this.prove();
    if (proof.verdict === 'sealed') return [];
    if (proof.verdict === 'unproven' && this.onUnproven === 'warn') {
      // Annotations were collected before.
      process.emitWarning(`${HEAD}:\n${proofText(proof)}`, 'McpEgressWarning');
      return [];
    }
    return [`${HEAD}:\n${proofText(proof)}`];
  }

  private join({ onUnproven, accept }: SealedValidationProps): void {
    if (onUnproven === 'fail') this.onUnproven = 'fail';
    this.accept.push(...accept);
  }

  private prove(): Proof {
    const stacks = this.app.node.findAll().filter((each) => TerraformStack.isStack(each));
    return proveSealed(
      stacks.map((stack) => this.document(stack)),
      { accept: this.accept },
    );
  }

  /** What was just written, which saves resolving every token again; with output in HCL there is no JSON, so it is made. */
  private document(stack: TerraformStack): TerraformDocument {
    const name = this.app.manifest.forStack(stack).synthesizedStackPath;
    const file = join(this.app.outdir, name);
    if (!name.endsWith('.json') || !existsSync(file)) return { name, json: stack.toTerraform() as unknown };
    const text = readFileSync(file, 'utf8');
    return { name, text, json: JSON.parse(text) as unknown };
  }
}
