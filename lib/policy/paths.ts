/**
 * The path as the gateway's Envoy compares it: without query, dot segments resolved, repeated slashes merged, unreserved escapes decoded
 * (`normalize_path` and `merge_slashes`; RFC 3986, section 6).
 *
 * @returns undefined for what the gateway answers with 400: no leading slash, or an escaped slash or backslash.
 */
export function normalisePath(path: string): string | undefined {
  const [bare = ''] = path.split(/[?#]/, 1);
  if (!bare.startsWith('/') || /%2f|%5c|%00/i.test(bare)) return undefined;
  const { pathname } = new URL(`http://host${bare}`);
  return decodeUnreserved(pathname).replace(/\/{2,}/g, '/');
}

function decodeUnreserved(path: string): string {
  return path.replace(/%([0-9a-f]{2})/gi, (whole, hex: string) => {
    const char = String.fromCharCode(parseInt(hex, 16));
    return /[A-Za-z0-9._~-]/.test(char) ? char : whole;
  });
}
