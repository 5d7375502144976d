/** A perimeter that cannot be built on Docker as asked. */
export class DockerPlanError extends Error {
  override readonly name = 'DockerPlanError';

  /** @param problems at least one: what is wrong, the value, what is allowed, what to write */
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}
