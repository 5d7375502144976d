/** A line of the gateway's decision log, as written. */
export interface Line {
  readonly time: string;
  readonly layer: 'request' | 'tunnel';
  readonly id: string;
  readonly workload: string;
  readonly rule: string | null;
  readonly decision: 'allowed' | 'denied' | 'would_deny' | 'pending';
  readonly reason: string;
  readonly method: string | null;
  readonly authority: string | null;
  readonly sni: string | null;
  readonly upstream: string | null;
  readonly status: number | null;
  readonly bytes_sent: number;
  readonly bytes_received: number;
  readonly duration_ms: number;
}

const DEADLINE_MS = 10_000;

/** Collects the gateway's log and waits for lines in it. */
export class LogBook {
  /** Every line since the last {@link forget}. */
  readonly lines: Line[] = [];
  /** The same, as the bytes that were written. */
  readonly raw: string[] = [];
  private readonly waiting = new Set<() => void>();
  /** Decisions by id: a run of thousands of requests does not look through all lines for each. */
  private readonly decided = new Map<string, Line>();

  readonly add = (text: string): void => {
    const line = JSON.parse(text) as Line;
    this.raw.push(text);
    this.lines.push(line);
    if (line.decision !== 'pending' && !this.decided.has(line.id)) this.decided.set(line.id, line);
    for (const look of this.waiting) look();
  };

  forget(): void {
    this.lines.length = 0;
    this.raw.length = 0;
    this.decided.clear();
  }

  /** The line that carries the decision on the request `id`; `pending` ones are skipped. */
  async of(id: string): Promise<Line> {
    await this.until(() => this.decided.has(id), `the decision on ${id}`);
    return this.decided.get(id) as Line;
  }

  /** The first line for which `fits`, past or future. */
  async find(fits: (line: Line) => boolean, what = 'a log line'): Promise<Line> {
    await this.until(() => this.lines.some(fits), what);
    return this.lines.find(fits) as Line;
  }

  /** Waits until `holds`, looking after each line. */
  async until(holds: () => boolean, what: string): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (!holds()) return;
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waiting.delete(look);
        reject(new Error(`${what} did not come; the last lines:\n${this.raw.slice(-5).join('\n')}`));
      }, DEADLINE_MS);
      this.waiting.add(look);
    });
  }
}
