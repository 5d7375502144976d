import DNS from 'dns2';
import ipaddr from 'ipaddr.js';
import { freePort } from './free-port';

/** What the server says about one name. Without a field of its own the answer is `NOERROR`, at once, with a lifetime of 60 s. */
export interface Answer {
  /** IPv4 and IPv6 mixed, in this order; each question gets the ones of its own family. */
  readonly addresses?: readonly string[];
  /** Seconds. */
  readonly ttl?: number;
  readonly delayMs?: number;
  readonly rcode?: 'NXDOMAIN' | 'SERVFAIL';
  /** An alias: the addresses are given as those of this name. */
  readonly cname?: string;
  /** Never answer. */
  readonly silent?: boolean;
}

export interface Question {
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'other';
  readonly over: 'udp' | 'tcp';
}

const RCODES = { NXDOMAIN: 3, SERVFAIL: 2 } as const;
const TYPES: Readonly<Record<number, 'A' | 'AAAA'>> = { 0x01: 'A', 0x1c: 'AAAA' };

/**
 * A DNS server that says what the test wrote for each name and remembers every question.
 * A name that nobody wrote gets NXDOMAIN. The names of questions are compared in lower case.
 */
export class DnsServer {
  /** Every question since the last {@link forget}, in order. */
  readonly questions: Question[] = [];
  private readonly script = new Map<string, readonly Answer[]>();
  private readonly turns = new Map<string, number>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private server: DNS.DnsServer | undefined;
  /** Answers names that {@link set} does not know. */
  fallback: ((name: string) => Answer) | undefined;

  constructor(
    readonly address = '127.0.0.53',
    private port = 53,
  ) {}

  /** `ip:port`, as Envoy's resolver list wants it. */
  get endpoint(): string {
    return `${this.address}:${this.port}`;
  }

  /**
   * Writes the answers of a name: the first question of each type gets the first, the second the second, and the last one stays.
   * Strings are addresses.
   */
  set(name: string, ...answers: (Answer | string)[]): void {
    const plain = answers.filter((answer): answer is string => typeof answer === 'string');
    const scripted = answers.filter((answer): answer is Answer => typeof answer !== 'string');
    if (plain.length > 0 && scripted.length > 0) throw new Error(`${name}: addresses or answers, not both`);
    this.script.set(name.toLowerCase(), plain.length > 0 ? [{ addresses: plain }] : scripted);
    for (const type of ['A', 'AAAA']) this.turns.delete(`${name.toLowerCase()} ${type}`);
  }

  /** Forgets the questions, not the answers. */
  forget(): void {
    this.questions.length = 0;
  }

  /** The names asked for since the last {@link forget}, each once, sorted. */
  get names(): string[] {
    return [...new Set(this.questions.map(({ name }) => name))].sort();
  }

  /** How often a name was asked for, A and AAAA together. */
  asked(name: string): number {
    return this.questions.filter((question) => question.name === name).length;
  }

  async listen(): Promise<void> {
    const server = DNS.createServer({ udp: true, tcp: true });
    server.on('request', (request, send, client) => {
      this.answer(request, send, 'remoteAddress' in client ? 'tcp' : 'udp');
    });
    const failed = new Promise<never>((_, reject) => server.on('error', reject));
    if (this.port === 0) this.port = await freePort(); // one port for both transports
    const where = { port: this.port, address: this.address };
    await Promise.race([server.listen({ udp: where, tcp: where }), failed]);
    this.server = server;
  }

  /** From now on questions find no server (the port is closed), until the next {@link listen}. */
  async close(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    await this.server?.close();
    this.server = undefined;
  }

  private answer(request: DNS.Packet, send: (response: DNS.Packet) => Promise<Buffer>, over: 'udp' | 'tcp'): void {
    const question = request.questions[0];
    if (question === undefined) return;
    const name = question.name.toLowerCase();
    const type = TYPES[question.type] ?? 'other';
    this.questions.push({ name, type, over });
    const answer = this.next(name, type);
    if (answer.silent === true) return;
    const response = packet(request, question, answer);
    const reply = (): void => {
      send(response).catch(() => undefined); // the server was closed meanwhile
    };
    if (answer.delayMs === undefined) return reply();
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      reply();
    }, answer.delayMs);
    this.timers.add(timer);
  }

  private next(name: string, type: string): Answer {
    const answers = this.script.get(name);
    if (answers === undefined) return this.fallback?.(name) ?? { rcode: 'NXDOMAIN' };
    const key = `${name} ${type}`;
    const turn = this.turns.get(key) ?? 0;
    this.turns.set(key, turn + 1);
    return answers[Math.min(turn, answers.length - 1)] ?? { rcode: 'NXDOMAIN' };
  }
}

/** One reply message: the alias, if any, then the addresses of the question's family. */
function packet(request: DNS.Packet, question: DNS.Packet.Question, answer: Answer): DNS.Packet {
  const response = DNS.Packet.createResponseFromRequest(request);
  response.header.ra = 1;
  if (answer.rcode !== undefined) response.header.rcode = RCODES[answer.rcode];
  const record = { class: 1, ttl: answer.ttl ?? 60 };
  if (answer.cname !== undefined) {
    response.answers.push(resource({ ...record, name: question.name, type: 0x05, domain: answer.cname }));
  }
  const kind = question.type === 0x1c ? 'ipv6' : 'ipv4';
  for (const text of answer.addresses ?? []) {
    const address = ipaddr.parse(text);
    if (address.kind() !== kind || TYPES[question.type] === undefined) continue;
    // dns2 does not expand every short form of IPv6.
    const full = address instanceof ipaddr.IPv6 ? address.toNormalizedString() : address.toString();
    response.answers.push(
      resource({ ...record, name: answer.cname ?? question.name, type: question.type, address: full }),
    );
  }
  return response;
}

function resource(record: Partial<DNS.Packet.Resource>): DNS.Packet.Resource {
  return DNS.Packet.createResourceFromQuestion(new DNS.Packet.Question(), record);
}
