/** What is wrong with names of inputs of which more than one is `-`: standard input can be read once. */
export function stdinProblems(names: readonly string[]): string[] {
  const count = names.filter((name) => name === '-').length;
  return count > 1 ? ['standard input can be read once; write - only once'] : [];
}
