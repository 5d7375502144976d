import { escapeUnprintable } from '../policy/quote';

/** The longest text out of a file that is shown or written. */
const LONGEST = 80;

/** Text out of a file as one printable line of at most 80 characters, fit for a comment, a reason and a terminal. */
export function oneLine(text: string): string {
  const characters = Array.from(text.slice(0, 4 * LONGEST));
  const cut = characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : characters.join('');
  const printable = escapeUnprintable(cut);
  return printable.length > 2 * LONGEST ? '(unprintable)' : printable;
}
