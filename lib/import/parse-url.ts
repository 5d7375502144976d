/**
 * Reads a URL as the clients do (WHATWG).
 * @returns undefined for what is none. `URL.canParse` is not asked: once optimised, it says no to Latin-1 letters in Node 20.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
