import type { Choice, HostsChange, Region } from './change';
import { FITTING, type Contents } from './content';

const CONTENT_WORDS: Readonly<Record<Contents, string>> = {
  absolute: 'http in absolute form',
  'tunnel-http': 'http in a tunnel',
  tls: 'tls',
  'tls-other-name': 'tls under another name',
  'http-other-host': 'http for another host in a tunnel',
  'http-connect': 'CONNECT in a tunnel',
  'http-trace': 'TRACE in a tunnel',
  'http-unreadable': 'unreadable http in a tunnel',
  other: 'other bytes in a tunnel',
};
/** Longer lists are cut in words; the data has them whole. */
const MOST = 5;

/** A change of hosts in words: `http, GET, on /public/, through 2030-06-30`. */
export function changeWords(
  change: Pick<HostsChange, 'effect' | 'extent' | 'regions' | 'address' | 'redialled'>,
): string {
  const { effect, extent, regions, address, redialled } = change;
  const what = regions.map(regionWords).join('; ');
  const dialled = address ?? (redialled ? 'what the name resolves to' : undefined);
  const where = dialled !== undefined && (redialled || extent !== 'part') ? `, dialled at ${dialled}` : '';
  const also = extent !== 'part' ? '' : effect === 'widened' ? 'now also ' : 'no longer ';
  return `${also}${what}${where}`;
}

function regionWords({ contents, methods, paths, addresses, days, observed }: Region): string {
  return [
    contentWords(contents),
    ...(methods ? [methodWords(methods)] : []),
    ...(paths ? [`on ${choiceWords(paths)}`] : []),
    ...(addresses ? [`to ${choiceWords({ ...addresses, only: addresses.only.map(addressWords) })}`] : []),
    ...(days ? [days.map(dayWords).join(' and ')] : []),
    ...(observed ? ['which mode observe lets pass'] : []),
  ].join(', ');
}

function contentWords(contents: readonly Contents[]): string {
  const has = (each: Contents) => contents.includes(each);
  if (!has('other')) {
    const http = has('absolute') && has('tunnel-http');
    const rest = contents.filter((each) => !http || (each !== 'absolute' && each !== 'tunnel-http'));
    return [...(http ? ['http'] : []), ...rest.map((each) => CONTENT_WORDS[each])].join(' and ');
  }
  const missing = FITTING.tcp.filter((each) => !has(each)).map((each) => CONTENT_WORDS[each]);
  const tcp = missing.length > 0 ? `tcp other than ${missing.join(', ')}` : 'tcp';
  return has('absolute') ? `${tcp}, and ${CONTENT_WORDS.absolute}` : tcp;
}

function methodWords({ only, not }: Choice): string {
  return not ? `methods other than ${list(not)}` : list(only);
}

function choiceWords({ only, not }: Choice): string {
  return `${list(only)}${not ? ` but not ${list(not)}` : ''}`;
}

function addressWords(range: string): string {
  if (range === 'public') return 'public addresses';
  return range === 'not public' ? 'addresses that are not public' : range;
}

function dayWords({ from, through }: { from?: string; through?: string }): string {
  return [
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(through === undefined ? [] : [`through ${through}`]),
  ].join(' ');
}

/** `a, b and 3 more`. */
export function list(items: readonly string[]): string {
  const rest = items.length - MOST;
  return rest > 1 ? `${items.slice(0, MOST).join(', ')} and ${rest} more` : items.join(', ');
}
