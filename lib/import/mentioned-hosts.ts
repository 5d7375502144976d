import { readHost } from './endpoint';
import { looksSecret } from './looks-secret';
import { parseUrl } from './parse-url';
import type { Suggestion } from './source';

/** The longest text in which URLs are looked for, and how many are taken of one server. */
const LONGEST = 10_000;
const MOST = 20;

/**
 * The hosts of https URLs in a server's arguments and environment: what it may need, for a person to confirm. Nothing else of
 * these texts is used, since they hold tokens; a host that may be part of one is left out.
 * @param texts Texts and where they stand, such as `its arguments`.
 */
export function mentionedHosts(texts: readonly (readonly [text: string, where: string])[]): Suggestion[] {
  const found = new Map<string, Suggestion>();
  for (const [text, where] of texts) {
    const lastAt = text.lastIndexOf('@');
    for (const { index } of text.slice(0, LONGEST).matchAll(/https:\/\//gi)) {
      const suggestion = hostAt(text, index + 'https://'.length, lastAt, where);
      if (suggestion === undefined) continue;
      const key = `${suggestion.host} ${suggestion.port}`;
      if (!found.has(key) && found.size < MOST) found.set(key, suggestion);
    }
  }
  return [...found.values()];
}

function hostAt(text: string, start: number, lastAt: number, where: string): Suggestion | undefined {
  const length = text.slice(start).search(/[\s/\\?#]|$/);
  const authority = text.slice(start, start + length);
  // Where an @ follows later, what looks like the host may be the first half of a password.
  if (lastAt > start + length) return undefined;
  const { hostname = '', port = '' } = parseUrl(`https://${authority}`) ?? {};
  if (!hostname.includes('.') || looksSecret(hostname)) return undefined;
  const reading = readHost(hostname, port === '' ? 443 : Number(port), 'tls');
  if ('why' in reading) return undefined;
  const why = `seen in ${where}`;
  if ('endpoint' in reading) return { ...reading.endpoint, why };
  return { ...reading.suggestion, why: `${why}; ${reading.suggestion.why}` };
}
