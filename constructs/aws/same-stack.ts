import { TerraformStack, type ITerraformDependable } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';

/**
 * Those of `dependables` that stand in the stack of `scope`. What stands in another one is applied before by the order of stacks, and
 * cannot be named here: "References in depends_on must be to a whole object" (Terraform), and an output of another stack is none.
 */
export function inSameStack(scope: IConstruct, dependables: readonly ITerraformDependable[]): ITerraformDependable[] {
  const stack = TerraformStack.of(scope);
  return dependables.filter((each) => !Construct.isConstruct(each) || TerraformStack.of(each) === stack);
}
