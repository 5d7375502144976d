import { EventEmitter, once } from 'node:events';
import { parseLogLine, type LogRecord } from '../../lib/gateway/log-line';

/** The decisions that the gateway has logged so far, and a way to wait for one. */
export class LogBook {
  private readonly records: LogRecord[] = [];
  private readonly news = new EventEmitter();

  /** One line as Envoy wrote it. */
  readonly line = (raw: string): void => {
    const record = parseLogLine(raw);
    if (!record) return;
    this.records.push(record);
    this.news.emit('record');
  };

  /**
   * The record of the request with this id; without an id the last one for this authority that nobody has asked for.
   * @returns undefined if none comes in time
   */
  async take(id: string | undefined, authority: string, timeoutMs: number): Promise<LogRecord | undefined> {
    const deadline = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const index = this.records.findLastIndex((each) => (id ? each.id === id : each.authority === authority));
      if (index >= 0) return this.records.splice(index, 1)[0];
      const more = await once(this.news, 'record', { signal: deadline }).then(
        () => true,
        () => false,
      );
      if (!more) return undefined;
    }
  }
}
