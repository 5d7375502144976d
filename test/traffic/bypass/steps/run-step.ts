import { setTimeout as delay } from 'node:timers/promises';
import type { Wire } from '../../support/wire';
import type { Step } from '../case';
import { Mismatch, type Conversation } from '../conversation';
import { sendDatagram } from './datagram';
import { h2Bytes } from './h2';
import { handshake } from './handshake';
import { helloPieces } from './hello';
import { flood, repeatUntil } from './many';
import { expectReply } from './reply';

type Of<K extends string> = Extract<Step, Record<K, unknown>>;

/** Does one step of a case. @throws Mismatch where something else came than the step says */
export async function runStep(step: Step, talk: Conversation): Promise<void> {
  if ('flood' in step) return flood(step.flood.connections, step.flood.steps, talk);
  if ('eventually' in step) return repeatUntil(step.eventually, talk);
  if ('pause' in step) return delay(step.pause);
  if ('datagram' in step) return sendDatagram(fromHex({ hex: step.datagram }), talk);
  if ('open' in step) {
    const port = typeof step.open === 'number' ? step.open : talk.options.portOf(step.open);
    return void (await talk.open(port));
  }
  const wire = await talk.wire();
  if ('send' in step) return send(step, talk, wire);
  if ('hex' in step) return void wire.write(fromHex(step));
  if ('hello' in step) return pieces(await helloPieces(step.hello), wire);
  if ('h2' in step) return void wire.write(h2Bytes(step.h2));
  if ('tls' in step) return handshake(step, talk, wire);
  if ('reply' in step) return expectReply(step, talk, wire);
  if ('closed' in step) return expectClose(talk, wire);
  if ('rest' in step) return readRest(step, talk, wire);
  wire.socket.end();
}

async function send({ send: text, times = 1, every }: Of<'send'>, talk: Conversation, wire: Wire): Promise<void> {
  talk.method = /^([A-Z]+) /.exec(text)?.[1] ?? talk.method;
  if (every === undefined) return void wire.write(text.repeat(times));
  const end = Date.now() + talk.options.deadlineMs;
  for (let at = 0; at < times && !wire.closed && Date.now() < end; at += 1) {
    wire.write(text);
    await delay(every);
  }
}

function fromHex({ hex, times = 1 }: Of<'hex'>): Buffer {
  const bytes = Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
  return Buffer.concat(Array.from({ length: times }, () => bytes));
}

/** Without Nagle's algorithm each write that the event loop sees alone is a segment. */
async function pieces(parts: readonly Buffer[], wire: Wire): Promise<void> {
  for (const part of parts) {
    wire.write(part);
    if (parts.length > 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

async function expectClose(talk: Conversation, wire: Wire): Promise<void> {
  const { text, closed } = await wire.rest(talk.options.deadlineMs);
  talk.sawClose ||= closed;
  if (!closed) throw new Mismatch(`no close within ${talk.options.deadlineMs} ms`);
  if (text !== '') throw new Mismatch(`before the close came ${JSON.stringify(text.slice(0, 200))}`);
}

async function readRest({ rest, lacks, shows }: Of<'rest'>, talk: Conversation, wire: Wire): Promise<void> {
  const { text, closed } = await wire.rest(Math.min(rest, talk.options.deadlineMs));
  talk.sawClose ||= closed;
  const said = JSON.stringify(text.slice(0, 400));
  if (talk.sawDatagram) throw new Mismatch('a datagram came back');
  if (lacks !== undefined && text.includes(lacks)) throw new Mismatch(`${JSON.stringify(lacks)} stands in ${said}`);
  if (shows !== undefined && !text.includes(shows)) throw new Mismatch(`${JSON.stringify(shows)} is not in ${said}`);
}
