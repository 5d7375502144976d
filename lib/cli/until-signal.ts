import { EXIT } from './exit-codes';
import { onBrokenPipe } from './terminal';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The wish to stop: the first signal settles `asked`, a second one ends the process at once. */
export interface StopWish {
  /** Settles with the signal's name. */
  readonly asked: Promise<NodeJS.Signals>;
  /** Whether it has come already. */
  readonly given: () => boolean;
}

/**
 * From here on Ctrl-C (SIGINT), SIGTERM, the end of the terminal (SIGHUP) and the end of a pipe's reader do not end the
 * process themselves.
 */
export function untilSignal(): StopWish {
  let first: NodeJS.Signals | undefined;
  let settle: (signal: NodeJS.Signals) => void;
  const asked = new Promise<NodeJS.Signals>((resolve) => (settle = resolve));
  const onSignal = (signal: NodeJS.Signals): void => {
    if (first) process.exit(EXIT.no);
    first = signal;
    settle(signal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  onBrokenPipe(() => settle('SIGPIPE'));
  return { asked, given: () => first !== undefined };
}
