import { setTimeout as delay } from 'node:timers/promises';
import { type Asked, type AskOptions } from '../../support/ask';
import { splitUrl } from '../../support/clients';
import { type Heard } from '../../support/respond';

/** Whom the requests are sent to: a `Bench`, or any other gateway in front of the same servers. */
export interface Askable {
  ask(url: string, options?: AskOptions): Promise<Asked>;
}

/** What is asked again and again; every kind of upstream that answers like `respond` will do. */
export interface Question extends Pick<AskOptions, 'workload' | 'form'> {
  /** Scheme and host, and the port if it is another one: `https://api.allowed.test`. */
  readonly url: string;
}

export interface TrafficOptions {
  /** Milliseconds between a reply and the next request of the same client. Default 20. */
  readonly pauseMs?: number;
  /** Clients for each question. Default 1. */
  readonly clients?: number;
}

export interface TrafficCount {
  /** Replies that came from the right server and to the right question. */
  readonly right: number;
  /** Connections that were not accepted or were cut while that was tolerated. */
  readonly refused: number;
  /** What else there was, in words; empty in a test that passes. */
  readonly wrong: readonly string[];
  /** Of the right replies, connection and handshake included. */
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly slowestMs: number;
}

/** Of a peer that is gone: no answer at all, so nothing that could be wrong. */
const GONE = /ECONNREFUSED|ECONNRESET|EPIPE|closed without a reply/;
/** More words than these say nothing new. */
const KEPT_WORDS = 20;

/**
 * An honest client that asks without end, each time over a connection of its own and with a question of its own, and looks whether the
 * reply is the right server's reply to that question.
 *
 *     const traffic = startTraffic(bench, [{ url: 'https://api.allowed.test' }]);
 *     // the fault
 *     const { right } = await traffic.stop(); // throws if any reply was wrong
 */
export function startTraffic(
  gateway: Askable,
  questions: readonly Question[],
  options: TrafficOptions = {},
): BackgroundTraffic {
  const traffic = new BackgroundTraffic(gateway, questions, options);
  started.add(traffic);
  return traffic;
}

/** A test that failed before it stopped its traffic must not leave it running for ever. */
const started = new Set<BackgroundTraffic>();
afterAll(() => {
  for (const traffic of started) traffic.abandon();
});

/** Made by {@link startTraffic}. */
export class BackgroundTraffic {
  private asked = 0;
  private refused = 0;
  private running = true;
  private tolerant = false;
  private readonly wrong: string[] = [];
  private readonly times: number[] = [];
  private readonly clients: Promise<void>[];

  constructor(
    private readonly gateway: Askable,
    questions: readonly Question[],
    { pauseMs = 20, clients = 1 }: TrafficOptions,
  ) {
    const each = Array.from({ length: clients }, () => questions).flat();
    this.clients = each.map((question) => this.client(question, pauseMs));
  }

  get count(): TrafficCount {
    const sorted = [...this.times].sort((a, b) => a - b);
    const at = (share: number): number => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
    return {
      right: sorted.length,
      refused: this.refused,
      wrong: [...this.wrong],
      medianMs: at(0.5),
      p99Ms: at(0.99),
      slowestMs: at(1),
    };
  }

  /** From here on, or no longer, a gateway that does not answer at all is counted apart; a wrong reply stays wrong. */
  tolerateRefusals(tolerant: boolean): void {
    this.tolerant = tolerant;
  }

  /** Waits for so many more right replies. */
  async more(replies: number, withinMs = 10_000): Promise<void> {
    const wanted = this.times.length + replies;
    const end = Date.now() + withinMs;
    while (this.times.length < wanted) {
      if (Date.now() > end) throw new Error(`not ${replies} more right replies: ${JSON.stringify(this.count)}`);
      await delay(20);
    }
  }

  /** Asks nothing more, whatever there was. */
  abandon(): void {
    this.running = false;
  }

  /** @throws Error with what was wrong, if anything was, or if nothing came at all */
  async stop(): Promise<TrafficCount> {
    this.abandon();
    await Promise.all(this.clients);
    const { count } = this;
    if (count.wrong.length > 0) throw new Error(`background traffic: ${JSON.stringify(count, undefined, 2)}`);
    if (count.right === 0) throw new Error('background traffic: not one reply came');
    return count;
  }

  private async client(question: Question, pauseMs: number): Promise<void> {
    while (this.running) {
      await this.once(question);
      await delay(pauseMs);
    }
  }

  private async once({ url, workload, form }: Question): Promise<void> {
    const path = `/background/${(this.asked += 1)}`;
    const started = performance.now();
    const tolerant = this.tolerant;
    let problem: string | undefined;
    try {
      problem = problemOf(await this.gateway.ask(`${url}${path}`, { workload, form }), url, path);
    } catch (error) {
      problem = (error as Error).message;
    }
    if (problem === undefined) this.times.push(performance.now() - started);
    // Tolerated also what began just before, or ends just after.
    else if ((tolerant || this.tolerant) && GONE.test(problem)) this.refused += 1;
    else if (this.wrong.length < KEPT_WORDS) this.wrong.push(`${new Date().toISOString()} ${url}${path}: ${problem}`);
  }
}

/** What is not as it should be; undefined: nothing. */
function problemOf({ reply }: Asked, url: string, path: string): string | undefined {
  if (reply === undefined) return 'closed without a reply';
  if (reply.status !== 200) return `status ${reply.status}, ${reply.headers['x-egress-reason'] ?? ''} ${reply.body}`;
  const heard = readHeard(reply.body);
  if (heard?.url !== path) return `another question's reply, or none: ${reply.body.slice(0, 200)}`;
  const { host } = splitUrl(url);
  return heard.host === host ? undefined : `the server saw Host ${JSON.stringify(heard.host)}`;
}

function readHeard(body: string): Heard | undefined {
  try {
    return JSON.parse(body) as Heard;
  } catch {
    return undefined; // cut off
  }
}
