import { startTls } from '../../support/clients';
import type { Wire } from '../../support/wire';
import type { Step } from '../case';
import { Mismatch, type Conversation } from '../conversation';

type TlsStep = Extract<Step, { tls: unknown }>;

/** A real TLS client's handshake on the connection. */
export async function handshake({ tls }: TlsStep, talk: Conversation, wire: Wire): Promise<void> {
  const { sni, alpn, version, resume, fails } = tls;
  const secured = await startTls(wire, {
    sni,
    name: null,
    ...(alpn && { alpn }),
    ...(version && { version }),
    ...(resume === true && talk.session && { session: talk.session }),
    onSession: (session) => (talk.session = session),
    // What is no TLS at all is as good as a close.
  }).catch(() => undefined);
  if (secured === undefined) talk.sawClose = true;
  else talk.use(secured);
  if ((secured === undefined) !== (fails ?? false)) {
    throw new Mismatch(secured === undefined ? 'the TLS handshake was cut off' : 'the TLS handshake came about');
  }
}
