/** What every measurement asks for; the certificate of the traffic tests is good for it. */
export const HOST = 'speed.allowed.test';
/** What no allowlist names. */
export const FORBIDDEN = 'evil.test';
/** Where both names resolve to: public, so that the gateway's address guard lets it pass; inside the namespace it is ours. */
export const ORIGIN = '93.184.215.14';
export const TLS_PORT = 443;
export const HTTP_PORT = 80;
/** What the origin answers: small, so that what is measured is the way. */
export const BODY = 'x'.repeat(256);
/** Bytes of its whole reply; every reply is compared with it. */
export const REPLY = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

/** The allowlist: the asked host is the last one, the worst case for whoever reads it from the top. */
export function allowlist(hosts: number): string[] {
  return [...Array.from({ length: hosts - 1 }, (_, i) => `host-${i}.example-${i % 97}.com`), HOST];
}
