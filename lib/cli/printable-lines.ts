import { printable } from '../gateway/log-line';

/** Keeps the lines of a message and escapes everything else that a terminal would act on. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
