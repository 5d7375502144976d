/** Sources that cannot be imported: what is wrong with each of them, at once. */
export class ImportError extends Error {
  override readonly name = 'ImportError';

  /** @param problems One a line: the file, the place where it is known, what is wrong, what to do; printable. */
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}
