import type http from 'node:http';

/** Hands over a request's body once it is complete. */
export function readBody(request: http.IncomingMessage, onEnd: (body: string) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => onEnd(Buffer.concat(chunks).toString()));
}
