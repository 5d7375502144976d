/** One file of Terraform JSON: what `cdktf synth` writes (`cdk.tf.json`), or what `terraform show -json` prints of a plan or a state. */
export interface TerraformDocument {
  /** What it is called in reports: a file, or the name of a stack. */
  readonly name: string;
  /** Its JSON, parsed. */
  readonly json: unknown;
  /** The text that `json` was parsed from, so that reports can name lines. @default - reports name no lines */
  readonly text?: string;
}
