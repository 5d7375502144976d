import type { PolicyProblem, ProblemCode } from '../errors';
import type { Source } from '../types';

/** The way from the top of a policy to a value: keys and list positions from 0. */
export type Path = readonly (string | number)[];

/** The line and column of an offset in the text of a policy. */
export type Place = (offset: number) => Source;

/** Knows where each value of one policy was written. */
export interface Locator {
  /** The place of a value; of the nearest one around it where it is absent. */
  at(path: Path): Source;
  /** The place of the last key of a path rather than of its value. */
  keyAt(path: Path): Source;
  /** Whether a text stands there without quotes. */
  isPlain(path: Path): boolean;
}

/** Collects the problems of one policy while it is read. */
export class Problems {
  readonly list: PolicyProblem[] = [];
  private readonly rulesInError = new Set<string>();

  constructor(readonly locator: Locator) {}

  /** Adds a problem of the value at a path. */
  add(code: ProblemCode, path: Path, message: string): void {
    this.addAt(code, this.locator.at(path), message);
    this.rulesInError.add(ruleOf(path));
  }

  /** Adds a problem of a key. */
  addKey(code: ProblemCode, path: Path, message: string): void {
    this.addAt(code, this.locator.keyAt(path), message);
    this.rulesInError.add(ruleOf(path));
  }

  /** Adds a problem at a place. */
  addAt(code: ProblemCode, source: Source, message: string): void {
    this.list.push({ code, file: source.file, line: source.line, column: source.column, message });
  }

  /**
   * Whether something is wrong in the rule at a path. What is read from such a rule is not compared with other rules: that
   * would report mistakes that nobody made.
   */
  hasIn(rule: Path): boolean {
    return this.rulesInError.has(ruleOf(rule));
  }
}

/** The path of the entry in which a path lies: `groups.NAME[i]` or `workloads.NAME.allow[i]`. */
function ruleOf(path: Path): string {
  return JSON.stringify(path.slice(0, path[0] === 'groups' ? 3 : 4));
}
