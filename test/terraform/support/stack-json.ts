/** The part of Terraform's JSON syntax that cdktf writes, as far as these tests read it. */
export type Block = Record<string, unknown>;
/** Type -> name -> block. */
export type Blocks = Record<string, Record<string, Block>>;

export interface StackJson {
  terraform: { backend?: Block; required_providers?: Record<string, { source: string; version: string }> };
  provider?: Record<string, Block[]>;
  data?: Blocks;
  resource?: Blocks;
  output?: Record<string, Block>;
  locals?: Record<string, unknown>;
  variable?: Record<string, Block>;
}

/** How many resources a stack declares. */
export function countResources({ resource = {} }: StackJson): number {
  return Object.values(resource).reduce((sum, named) => sum + Object.keys(named).length, 0);
}
