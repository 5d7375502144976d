/** Paths that stay as they are: segments of unreserved characters that begin with no dot, one slash between them. */
const NORMAL = /^(\/[\w~-][\w.~-]*)*\/?$/;

/**
 * The path as the gateway's Envoy compares it: without query, dot segments resolved, repeated slashes merged, unreserved escapes decoded
 * (`normalize_path` and `merge_slashes`; RFC 3986, section 6).
 *
 * @returns undefined for what the gateway answers with 400: no leading slash, an escaped slash or backslash, a fragment, a character that
 *   has no place in a request line, or a dot segment that is left over (`/%2e%2e;x`).
 */
export function normalisePath(path: string): string | undefined {
  if (path !== '' && NORMAL.test(path)) return path;
  if (/[^\x21-\x7e]|#/.test(path)) return undefined;
  const [written = ''] = path.split('?', 1);
  // Envoy takes a dot segment with parameters (`/..;x`) for a dot segment, if it is written plainly.
  const bare = written.replace(/(\/\.{1,2});[^/\\]*/g, '$1');
  if (!bare.startsWith('/') || /%2f|%5c|%00/i.test(written)) return undefined;
  const { pathname } = new URL(`http://host${removeDotSegments(bare)}`);
  const normal = decodeUnreserved(pathname).replace(/\/{2,}/g, '/');
  return /\/\.{1,2}((;|%3b)[^/]*)?(\/|$)/i.test(normal) ? undefined : normal;
}

/**
 * RFC 3986, section 5.2.4, on the segments as URLs are read (WHATWG: `\\` separates, `%2e` is a dot). `new URL` alone does not do:
 * in Node 20.20 it leaves `/.a/..` behind another segment as it is.
 */
function removeDotSegments(path: string): string {
  const segments = path.slice(1).split(/[/\\]/);
  const kept: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const dots = segment.replace(/%2e/gi, '.');
    if (dots === '..') kept.pop();
    if (dots !== '.' && dots !== '..') kept.push(segment);
    else if (index === segments.length - 1) kept.push('');
  }
  return `/${kept.join('/')}`;
}

function decodeUnreserved(path: string): string {
  return path.replace(/%([0-9a-f]{2})/gi, (whole, hex: string) => {
    const char = String.fromCharCode(parseInt(hex, 16));
    return /[A-Za-z0-9._~-]/.test(char) ? char : whole;
  });
}
