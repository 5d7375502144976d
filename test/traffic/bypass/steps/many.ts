import type { SimpleStep } from '../case';
import { Mismatch, type Conversation } from '../conversation';
import { eventually } from '../../support/eventually';
import { runStep } from './run-step';

/** Longer than an Envoy keeps an answer of the DNS whose lifetime is over. */
const WITHIN_MS = 12_000;

/** So many connections at once, which stay open; what comes instead of what their steps say does not matter. */
export async function flood(connections: number, steps: readonly SimpleStep[], talk: Conversation): Promise<void> {
  await Promise.all(
    Array.from({ length: connections }, async (_, at) => {
      const one = talk.another();
      for (const step of steps) await runStep(numbered(step, at + 1), one).catch(() => undefined);
    }),
  );
}

function numbered(step: SimpleStep, number: number): SimpleStep {
  return 'send' in step ? { ...step, send: step.send.replaceAll('{n}', String(number)) } : step;
}

/** The steps again and again, each time on connections of their own, until they go as written or the case has ended. */
export async function repeatUntil(steps: readonly SimpleStep[], talk: Conversation): Promise<void> {
  const once = async (): Promise<Conversation | string> => {
    const one = talk.another();
    try {
      for (const step of steps) await runStep(step, one);
      return one;
    } catch (error) {
      one.close();
      if (error instanceof Mismatch) return error.message;
      throw error;
    }
  };
  const fits = (found: Conversation | string): boolean => typeof found !== 'string' || talk.closed;
  const last = await eventually(once, fits, WITHIN_MS).catch((error: Error) => {
    throw new Mismatch(error.message);
  });
  if (typeof last !== 'string') talk.takeOver(last);
}
