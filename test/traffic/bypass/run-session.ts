import { setTimeout as delay } from 'node:timers/promises';
import type { Case } from './case';
import { runCase } from './run-case';
import type { Session } from './session';

/** What became of one case. */
export interface Outcome {
  readonly name: string;
  readonly expect: Case['expect'];
  /** Connections, datagrams, questions and requests that nothing allows. */
  readonly escapes: string[];
  /** What came instead of what the case expects. */
  readonly mismatch?: string;
}

const AT_ONCE = 32;
/** How often the records are looked at while a case runs against the open Envoy, which it may leave at its first escape. */
const LOOK_MS = 10;

/** Runs cases to which the same records are allowed at once; where there is an escape, each once more and alone, to see whose it is. */
export async function runAtOnce(session: Session, cases: readonly Case[]): Promise<Outcome[]> {
  const [first] = cases;
  if (first === undefined) return [];
  for (const name of first.mayAsk ?? []) session.records.kept.add(name);
  const mismatches = new Map<Case, string | undefined>();
  const queue = [...cases];
  const worker = async (): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      mismatches.set(one, await runCase(session, one));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const { mayDial = [], mayConnect = [], mayAsk = [] } = first;
  const allowance = { mayDial, mayConnect, mayAsk, expect: 'refused' } as const;
  const together = session.records.escapes(await session.trace(), allowance);
  if (together.length === 0) {
    return cases.map((one) => outcome(one, [], mismatches.get(one)));
  }
  // What Envoy keeps of the first time, answers and connections, would hide the second.
  await session.restart();
  const alone: Outcome[] = [];
  for (const one of cases) alone.push(await runOne(session, one, alone.at(-1)));
  const seen = new Set(alone.flatMap(({ escapes }) => escapes));
  const unexplained = together
    .filter((each) => !seen.has(each))
    .map((each) => `one of ${cases.length} at once: ${each}`);
  for (const { escapes } of alone) escapes.push(...unexplained);
  return alone;
}

/** Runs a case alone. What is recorded before it begins belongs to the one `before`. */
export async function runOne(session: Session, one: Case, before?: Outcome): Promise<Outcome> {
  const late = session.records.escapes(await session.trace(one), { expect: 'refused' });
  before?.escapes.push(...late.map((each) => `late: ${each}`));
  if (one.names !== undefined) session.say(one.names);
  for (const name of one.mayAsk ?? []) session.records.kept.add(name);
  if (session.kind === 'open') return outcome(one, await openEscapes(session, one));
  const mismatch = await runCase(session, one);
  return outcome(one, session.records.escapes(await session.trace(one), one), mismatch);
}

/** What escapes from the open Envoy; where nothing does and it must, once more from another, which has not learnt that a name fails. */
async function openEscapes(session: Session, one: Case): Promise<string[]> {
  const escapes = await firstEscapes(session, one);
  if (escapes.length > 0 || one.openEscapes !== true) return escapes;
  await session.restart();
  return firstEscapes(session, one);
}

/** Runs a case until it has escaped, or has come to its end, and waits until nothing of it is under way any more. */
async function firstEscapes(session: Session, one: Case): Promise<string[]> {
  const ending = new AbortController();
  let over = false;
  const done = runCase(session, one, ending.signal)
    .catch(() => undefined)
    .finally(() => (over = true));
  const escapes: string[] = [];
  for (let quiet = false; !over || !quiet;) {
    await (over ? delay(LOOK_MS) : Promise.race([done, delay(LOOK_MS)]));
    const found = session.records.escapes(await session.trace(one), one);
    escapes.push(...found);
    quiet = found.length === 0;
    if (escapes.length > 0) ending.abort();
  }
  return [...new Set(escapes)];
}

function outcome({ name, expect }: Case, escapes: string[], mismatch?: string): Outcome {
  return { name, expect, escapes, ...(mismatch !== undefined && { mismatch }) };
}
