import { type WatchEvent } from '../gateway/watch';
import { policyWords } from './policy-words';
import { printableLines } from './printable-lines';
import { type Colors } from './terminal';

/** What happened to the policy of a running gateway, on one line and the problems below it. */
export function watchWords(event: WatchEvent, colors: Colors): string {
  switch (event.type) {
    case 'applied': {
      const why = event.cause === 'expiry' ? 'a rule has expired, its tunnels end' : policyWords(event.policy);
      return `${colors.green('policy in force:')} ${why} (${Math.round(event.durationMs)} ms)`;
    }
    case 'unchanged':
      return colors.dim('policy written, with the same meaning');
    case 'rejected':
      return `${colors.red('policy not taken, the old one stays in force:')}\n${indented(event.error)}`;
    case 'failed':
      return (
        `${colors.red('policy not put in force, the old one stays:')}\n${indented(event.error)}\n` +
        `  It is tried again in ${Math.round(event.retryMs / 1000)} s.`
      );
  }
}

function indented({ message }: Error): string {
  return printableLines(message)
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
