import dgram from 'node:dgram';
import { once } from 'node:events';
import type { Conversation } from '../conversation';

/** Sends one UDP datagram to the port of the workload, from a socket that is open until the case ends. */
export async function sendDatagram(bytes: Buffer, talk: Conversation): Promise<void> {
  const socket = dgram.createSocket('udp4');
  // That nobody serves the port comes back as an error.
  socket.on('error', () => undefined);
  socket.on('message', () => (talk.sawDatagram = true));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  talk.onClose(() => socket.close());
  talk.options.onOpen(`udp 127.0.0.1:${socket.address().port}`);
  await new Promise((sent) => socket.send(bytes, talk.options.port, '127.0.0.1', sent));
}
