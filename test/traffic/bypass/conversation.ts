import { Wire, type Reply } from '../support/wire';

/** Something else came than the case says. */
export class Mismatch extends Error {}

export interface ConversationOptions {
  /** Port of the listener that the case begins with. */
  readonly port: number;
  readonly portOf: (workload: string) => number;
  /** Called with each connection's own `address:port`, as soon as it is there. */
  readonly onOpen: (own: string) => void;
  /** How long a reply or a close is waited for. */
  readonly deadlineMs: number;
}

/** The client's side of one case: the connections that it opened, and what it was told. */
export class Conversation {
  readonly replies: Reply[] = [];
  /** The peer closed a connection while the client read. */
  sawClose = false;
  /** Of the last `send`. */
  method = 'GET';
  /** Of the last TLS handshake that gave one, to resume it. */
  session: Buffer | undefined;
  /** The case has ended. */
  closed = false;
  /** Anything came back over UDP. */
  sawDatagram = false;
  private readonly wires: Wire[] = [];
  private readonly endings: (() => void)[] = [];
  private readonly others: Conversation[] = [];
  private current: Wire | undefined;

  constructor(readonly options: ConversationOptions) {}

  /** The connection in use, opened if there is none. */
  async wire(): Promise<Wire> {
    return this.current ?? this.open(this.options.port);
  }

  async open(port: number): Promise<Wire> {
    const wire = await Wire.open(port);
    this.options.onOpen(`127.0.0.1:${wire.socket.localPort}`);
    return this.use(wire);
  }

  /** Goes on over another stream, such as TLS inside the connection. */
  use(wire: Wire): Wire {
    this.wires.push(wire);
    this.current = wire;
    return wire;
  }

  /** A conversation beside this one, which ends with it. */
  another(): Conversation {
    const other = new Conversation(this.options);
    this.others.push(other);
    return other;
  }

  /** Goes on where another conversation ended. */
  takeOver(other: Conversation): void {
    this.replies.push(...other.replies);
    this.sawClose ||= other.sawClose;
    this.current = other.current;
  }

  /** To be done when the case ends. */
  onClose(ending: () => void): void {
    this.endings.push(ending);
  }

  get id(): string | undefined {
    return this.replies.map(({ headers }) => headers['x-egress-id']).findLast((id) => id !== undefined);
  }

  close(): void {
    this.closed = true;
    for (const other of this.others) other.close();
    // TLS before what carries it.
    for (const wire of this.wires.toReversed()) wire.close();
    for (const ending of this.endings.splice(0)) ending();
  }
}
