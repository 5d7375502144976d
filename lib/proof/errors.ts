/** What was given to be proven cannot be read. */
export class ProofInputError extends Error {
  override readonly name = 'ProofInputError';

  constructor(
    /** One line each. */
    readonly problems: readonly string[],
  ) {
    super(problems.join('\n'));
  }
}
