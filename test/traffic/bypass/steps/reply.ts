import type { Reply, Wire } from '../../support/wire';
import type { Step } from '../case';
import { Mismatch, type Conversation } from '../conversation';

type ReplyStep = Extract<Step, { reply: unknown }>;

/** Reads one HTTP reply and compares it with what the step says. */
export async function expectReply(step: ReplyStep, talk: Conversation, wire: Wire): Promise<void> {
  const wanted = [step.reply].flat();
  const reply = await readReply(talk, wire, step.to ?? talk.method);
  if (reply === undefined) {
    if (!wanted.includes('closed')) throw new Mismatch(`closed instead of ${wanted.join(' or ')}`);
    return;
  }
  const { status, headers, body } = reply;
  const reason = headers['x-egress-reason'];
  const words = `${status}${reason === undefined ? '' : ` ${reason}`}`;
  if (!wanted.includes(status)) throw new Mismatch(`${words} instead of ${wanted.join(' or ')}`);
  if (step.reason !== undefined && ![step.reason].flat().includes(reason ?? '')) {
    throw new Mismatch(`${words} instead of the reason ${[step.reason].flat().join(' or ')}`);
  }
  if (step.body !== undefined && !body.includes(step.body)) {
    throw new Mismatch(`the body lacks ${JSON.stringify(step.body)}: ${JSON.stringify(body.slice(0, 400))}`);
  }
}

/** @returns undefined where the peer closed instead */
export async function readReply(talk: Conversation, wire: Wire, to: string): Promise<Reply | undefined> {
  const read = wire.reply({ to, deadlineMs: talk.options.deadlineMs });
  const reply = await read.catch((error: Error) => {
    throw new Mismatch(error.message);
  });
  if (reply === undefined) talk.sawClose = true;
  else talk.replies.push(reply);
  return reply;
}
