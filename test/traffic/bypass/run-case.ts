import type { Case, Step } from './case';
import { Mismatch, type Conversation } from './conversation';
import type { Session } from './session';
import { readReply } from './steps/reply';
import { runStep } from './steps/run-step';

/** How long a case whose answer does not matter is listened to. */
const CONTAINED_MS = 300;

/**
 * Says and hears what a case wants.
 * @param signal ends it early: its connections close
 * @returns what came instead of what it expects; undefined: all as expected
 */
export async function runCase(session: Session, one: Case, signal?: AbortSignal): Promise<string | undefined> {
  const talk = session.converse(one);
  signal?.addEventListener('abort', () => talk.close());
  const mismatches: string[] = [];
  try {
    for (const step of one.steps) {
      if (signal?.aborted === true) break;
      await attempt(() => runStep(step, talk), mismatches, session);
    }
    if (!one.steps.some(reads) && signal?.aborted !== true)
      await attempt(() => readByItself(one, talk), mismatches, session);
    if (mismatches.length === 0) await attempt(() => judge(session, one, talk), mismatches, session);
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
  } finally {
    talk.close();
  }
  return mismatches[0];
}

/** The gateway's case ends with what was not expected; against the open Envoy it goes on, since nothing there is expected. */
async function attempt(what: () => Promise<void>, mismatches: string[], { kind }: Session): Promise<void> {
  try {
    await what();
  } catch (error) {
    if (kind === 'gateway' && !(error instanceof Mismatch)) throw error;
    mismatches.push((error as Error).message);
    if (kind === 'gateway') throw error;
  }
}

function reads(step: Step): boolean {
  if ('tls' in step) return step.tls.fails === true;
  if ('eventually' in step) return step.eventually.some(reads);
  return 'reply' in step || 'closed' in step || 'rest' in step;
}

async function readByItself({ expect }: Case, talk: Conversation): Promise<void> {
  const wire = await talk.wire();
  if (expect === 'closed') return runStep({ closed: true }, talk);
  if (expect === 'contained') return runStep({ rest: CONTAINED_MS }, talk);
  await readReply(talk, wire, talk.method);
}

async function judge(session: Session, { expect, log }: Case, talk: Conversation): Promise<void> {
  const last = talk.replies.at(-1)?.status;
  if (expect === 'refused' && !talk.sawClose && (last === undefined || last < 400)) {
    throw new Mismatch(`${last ?? 'nothing'} instead of a refusal`);
  }
  if (expect === 'closed' && !talk.sawClose) throw new Mismatch('no close');
  if (expect === 'allowed' && (last === undefined || last >= 400)) {
    throw new Mismatch(`${last ?? 'a close'} instead of the server's reply`);
  }
  if (log !== undefined) await compareLog(session, log, talk);
}

async function compareLog(session: Session, log: Readonly<Record<string, unknown>>, talk: Conversation): Promise<void> {
  if (talk.id === undefined) throw new Mismatch('no reply had an id to look for in the log');
  const line = await session.log.of(talk.id).catch((error: Error) => {
    throw new Mismatch(error.message);
  });
  for (const [field, value] of Object.entries(log)) {
    const logged = line[field as keyof typeof line];
    if (logged !== value) {
      throw new Mismatch(`the log says ${field} ${JSON.stringify(logged)} instead of ${JSON.stringify(value)}`);
    }
  }
}
