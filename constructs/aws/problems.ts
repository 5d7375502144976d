import { Token } from 'cdktf';
import type { IConstruct } from 'constructs';

/** Props that contradict what AWS or the policy allows; the message lists all of them at once. */
export class PropsError extends Error {
  override readonly name = 'PropsError';

  constructor(
    scope: IConstruct,
    /** One sentence a problem: what, the value, what is allowed, what to do. */
    readonly problems: readonly string[],
  ) {
    super(`${scope.constructor.name} "${scope.node.path}":\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  }
}

/** Collects what is wrong with the props of a construct, to be thrown once. */
export class Problems {
  private readonly list: string[] = [];

  constructor(private readonly scope: IConstruct) {}

  /** Notes `problem` unless `ok`. */
  check(ok: boolean, problem: string): void {
    if (!ok) this.list.push(problem);
  }

  /** Notes a problem with a number that is known at synth and lies outside of `min` to `max` or is no whole one. */
  range(name: string, value: number | undefined, min: number, max: number, remedy = ''): void {
    if (value === undefined || Token.isUnresolved(value)) return;
    const ok = Number.isInteger(value) && value >= min && value <= max;
    this.check(ok, `${name}: ${value} is not a whole number from ${min} to ${max}.${remedy && ` ${remedy}`}`);
  }

  /** Notes a problem with a number that is a token, where it becomes part of a text. */
  known(name: string, value: number | undefined): void {
    const known = value === undefined || !Token.isUnresolved(value);
    this.check(known, `${name}: known at deployment only, but it is written into a text; write the number itself.`);
  }

  /** Notes a problem with a text that is known at synth and does not match. */
  match(name: string, value: string | undefined, pattern: RegExp, allowed: string): void {
    if (value === undefined || Token.isUnresolved(value)) return;
    this.check(pattern.test(value), `${name}: ${JSON.stringify(value)} is not ${allowed}.`);
  }

  /** @throws {PropsError} if anything was noted */
  throwIfAny(): void {
    if (this.list.length > 0) throw new PropsError(this.scope, this.list);
  }
}
