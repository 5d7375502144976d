import { Annotations } from 'cdktf';
import type { IConstruct } from 'constructs';
import { DockerPlanError } from '../../lib/docker';

/** Props that contradict what Docker or the policy allows; the message lists all of them at once. */
export class DockerPropsError extends DockerPlanError {
  constructor(scope: IConstruct, problems: readonly string[]) {
    super(problems);
    this.message = `${scope.constructor.name} "${scope.node.path}":\n${problems.map((problem) => `- ${problem}`).join('\n')}`;
  }
}

/** @throws {DockerPropsError} if there is a problem */
export function throwIfAny(scope: IConstruct, problems: readonly string[]): void {
  if (problems.length > 0) throw new DockerPropsError(scope, problems);
}

/** Says what a person should know, at each synth. */
export function warn(scope: IConstruct, warnings: readonly string[]): void {
  for (const warning of warnings) Annotations.of(scope).addWarning(warning);
}
