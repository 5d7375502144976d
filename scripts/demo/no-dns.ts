import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A resolver that knows no name: whatever the policy says, the demo asks nobody outside this machine. */
export interface NoDns {
  /** `ip:port`. */
  readonly address: string;
  /** How many names it was asked for. */
  readonly questions: () => number;
  readonly close: () => void;
}

const ANSWER = 0x80;
const NAME_ERROR = 3;

/** Answers NXDOMAIN to everything (RFC 1035, section 4.1.1: the question comes back with QR and RCODE set). */
export async function startNoDns(): Promise<NoDns> {
  const socket = createSocket('udp4');
  let questions = 0;
  socket.on('message', (question, from) => {
    questions += 1;
    if (question.length < 12) return;
    const reply = Buffer.from(question);
    reply[2]! |= ANSWER;
    reply[3] = (reply[3]! & 0xf0) | NAME_ERROR;
    socket.send(reply, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const address = `127.0.0.1:${socket.address().port}`;
  return { address, questions: () => questions, close: () => socket.close() };
}
