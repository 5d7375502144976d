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
  /** An alias, or a chain of them: the addresses are given as those of the last name. */
  readonly cname?: string | readonly string[];
  /** Never answer. */
  readonly silent?: boolean;
  /** Bytes instead of a reply message, behind the id of the question. */
  readonly raw?: Buffer;
  /** Over UDP nothing but the bit that says "ask over TCP" (TC, RFC 1035). */
  readonly truncated?: boolean;
  /** The id of another question, as a stranger who guesses has it. */
  readonly wrongId?: boolean;
  /** The addresses are given as those of this name, which nobody asked for. */
  readonly owner?: string;
  /** Addresses of other names, added to the answer. */
  readonly others?: Readonly<Record<string, readonly string[]>>;
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
   * Strings are addresses. `*.zone` stands for every name below the zone that was not written itself.
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
    const cut = answer.truncated === true && over === 'udp';
    const response =
      answer.raw === undefined ? packet(request, question, cut ? {} : answer) : rawPacket(request, answer.raw);
    if (cut) response.header.tc = 1;
    if (answer.wrongId === true) response.header.id = (request.header.id + 1) % 0x10000;
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
    const answers = this.script.get(name) ?? this.script.get(zonesOf(name).find((zone) => this.script.has(zone)) ?? '');
    if (answers === undefined) return this.fallback?.(name) ?? { rcode: 'NXDOMAIN' };
    const key = `${name} ${type}`;
    const turn = this.turns.get(key) ?? 0;
    this.turns.set(key, turn + 1);
    return answers[Math.min(turn, answers.length - 1)] ?? { rcode: 'NXDOMAIN' };
  }
}

/** `*.b.c`, `*.c` of `a.b.c`. */
export function zonesOf(name: string): string[] {
  const labels = name.split('.');
  return labels.slice(1).map((_, at) => ['*', ...labels.slice(at + 1)].join('.'));
}

/** One reply message: the alias, if any, then the addresses of the question's family. */
function packet(request: DNS.Packet, question: DNS.Packet.Question, answer: Answer): DNS.Packet {
  const response = DNS.Packet.createResponseFromRequest(request);
  response.header.ra = 1;
  if (answer.rcode !== undefined) response.header.rcode = RCODES[answer.rcode];
  const ttl = answer.ttl ?? 60;
  const chain = [question.name, ...[answer.cname ?? []].flat()];
  chain.slice(1).forEach((domain, at) => {
    response.answers.push(resource({ class: 1, ttl, name: chain[at], type: 0x05, domain }));
  });
  const owner = answer.owner ?? chain.at(-1);
  response.answers.push(...addressRecords(question, answer.addresses ?? [], { ttl, name: owner }));
  for (const [name, addresses] of Object.entries(answer.others ?? {})) {
    response.answers.push(...addressRecords(question, addresses, { ttl, name }));
  }
  return response;
}

/** Records of the question's family. */
function addressRecords(
  { type }: DNS.Packet.Question,
  addresses: readonly string[],
  fields: Partial<DNS.Packet.Resource>,
): DNS.Packet.Resource[] {
  const kind = type === 0x1c ? 'ipv6' : 'ipv4';
  return addresses
    .map((text) => ipaddr.parse(text))
    .filter((address) => address.kind() === kind && TYPES[type] !== undefined)
    .map((address) => {
      // dns2 does not expand every short form of IPv6.
      const full = address instanceof ipaddr.IPv6 ? address.toNormalizedString() : address.toString();
      return resource({ class: 1, ...fields, type, address: full });
    });
}

/** What dns2 sends when it is asked for the packet's bytes. */
function rawPacket(request: DNS.Packet, bytes: Buffer): DNS.Packet {
  const id = Buffer.alloc(2);
  id.writeUInt16BE(request.header.id);
  const response = DNS.Packet.createResponseFromRequest(request);
  response.toBuffer = () => Buffer.concat([id, bytes]);
  return response;
}

function resource(record: Partial<DNS.Packet.Resource>): DNS.Packet.Resource {
  return DNS.Packet.createResourceFromQuestion(new DNS.Packet.Question(), record);
}
