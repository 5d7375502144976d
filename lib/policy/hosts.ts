import { domainToASCII } from 'node:url';
import { getPublicSuffix, parse } from 'tldts';
import { canonicalIp, contains } from './cidr';
import type { ProblemCode } from './errors';
import { quote, unicodeName } from './quote';
import { EMBEDDING_TABLE } from './ranges';

/** A host as the rest of the code sees it: lower case, punycode, no trailing dot; IPv6 per RFC 5952 without brackets. */
export interface NormalHost {
  readonly host: string;
  /** `wildcard` begins with `*.` and means every name below, at any depth, never the name itself. */
  readonly kind: 'name' | 'wildcard' | 'ip';
}

/** Why a text is not a host that a rule can name. */
export interface HostProblem {
  readonly code: ProblemCode;
  readonly message: string;
}

/** Longest label and longest name, in octets (RFC 1035 section 2.3.4; 253 is 255 less the two length octets of the text form). */
const LONGEST_LABEL = 63;
const LONGEST_NAME = 253;

/** Letters, digits, hyphen (RFC 5890 section 2.3.1, never first or last) and the underscore of service names. */
const LABEL = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/;
const PLAIN_NAME = /^(?!.*xn--)[a-z0-9_.-]+$/;
const SUFFIX_OPTIONS = { allowPrivateDomains: true, extractHostname: false, validateHostname: false, detectIp: false };

/**
 * Normalises a host of a rule.
 * @param text As written in the policy.
 * @param options.private Whether the rule has `private`: only then may the host be an IP address, or a wildcard on a
 *   top-level name that is nobody's public suffix (`*.internal`). Default: false.
 */
export function normaliseHost(text: string, options: { private?: boolean } = {}): NormalHost | HostProblem {
  return checkCharacters(text) ?? (looksLikeIpv6(text) ? readIpv6(text, options) : readName(text, options));
}

/**
 * Whether the last label of a host is a number, so that a URL parser or a resolver would take the whole for an IPv4
 * address: `127.0.0.1`, `127.1`, `0x7f.1`, `2130706433` (WHATWG URL, "ends in a number").
 */
export function endsInNumber(host: string): boolean {
  const end = host.endsWith('.') ? host.length - 1 : host.length;
  return /^(\d+|0x[0-9a-f]*)$/i.test(host.slice(host.lastIndexOf('.', end - 1) + 1, end));
}

/** Whether a normalised host is an IP address. */
export function isIpHost(host: string): boolean {
  return host.includes(':') || endsInNumber(host);
}

/** A host as it stands in an authority: IPv6 in brackets. */
export function bracketHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function checkCharacters(text: string): HostProblem | undefined {
  if (text.trim() === '') return problem('host_empty', text, 'a host is empty', 'write a name like "api.example.com"');
  if (/\s/u.test(text))
    return problem(
      'host_space',
      text,
      'a host holds no spaces',
      'write one host, or several as a list: `hosts: [a.example.com, b.example.com]`',
    );
  const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/u.exec(text)?.[0];
  if (hidden !== undefined)
    return problem(
      'host_character',
      text,
      `the character ${unicodeName(hidden)} cannot be seen`,
      'type the name again without it',
    );
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text.startsWith('//')) {
    return problem('host_scheme', text, 'this is a URL', `write the host alone${suggestion(text)}`);
  }
  if (text.includes('@'))
    return problem(
      'host_userinfo',
      text,
      'a host holds no user name',
      `write what stands behind the @${suggestion(`x://${text}`)}`,
    );
  if (/[/\\?#]/.test(text))
    return problem(
      'host_path',
      text,
      'a host holds no path',
      `write the host alone${suggestion(`x://${text}`)}; an http rule narrows paths with \`paths\``,
    );
  if (/^(\[.*\]|[^:]*):\d*$/.test(text)) {
    const [, host = '', port] = /^(.*):(\d*)$/.exec(text) ?? [];
    return problem(
      'host_port',
      text,
      'a host holds no port',
      `write the host ${quote(host)} and \`ports: [${port || 443}]\``,
    );
  }
  return undefined;
}

function looksLikeIpv6(text: string): boolean {
  return text.includes(':') || text.startsWith('[');
}

function readIpv6(text: string, options: { private?: boolean }): NormalHost | HostProblem {
  const inner = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  if (inner.includes('%'))
    return problem('host_ip_form', text, 'a zone id names an interface of one machine', 'write the address without it');
  const ip = canonicalIp(inner);
  if (ip === undefined || !ip.includes(':')) {
    return problem(
      'host_character',
      text,
      'colons and brackets stand only in an IPv6 address, and this is none',
      'write a name like "api.example.com" or an address like "fd12:3456::7"',
    );
  }
  const embedding = EMBEDDING_TABLE.find((range) => contains(range.cidr, ip));
  if (embedding && ip !== '::1') {
    return problem(
      'host_ip_form',
      text,
      `${embedding.what} addresses (${embedding.cidr}) carry an IPv4 address`,
      'write the IPv4 address',
    );
  }
  return ipHost(text, ip, options);
}

function readName(text: string, options: { private?: boolean }): NormalHost | HostProblem {
  const wildcard = text.startsWith('*.');
  const written = wildcard ? text.slice(2) : text;
  if (text === '*')
    return problem(
      'host_everything',
      text,
      'there is no rule for every host',
      'name each host; `mode: observe` lets everything pass and logs it',
    );
  if (written.includes('*') || written === '') {
    const rest =
      written
        .split('*')
        .at(-1)
        ?.replace(/^[^.]*\./, '') ?? '';
    const example = rest.includes('.') ? `*.${rest}` : '*.example.com';
    return problem(
      'host_wildcard',
      text,
      'a wildcard is "*." in front of a name, which means any depth below it',
      `write one like ${quote(example)}, or the exact names`,
    );
  }
  const odd = /[\x21-\x7e]/.exec(written.replace(/[A-Za-z0-9._-]/g, ''))?.[0];
  if (odd)
    return problem(
      'host_character',
      text,
      `${quote(odd)} cannot stand in a host`,
      'letters, digits, "-", "_" and "." can',
    );
  if (endsInNumber(written)) return readIpv4(text, options);
  const lower = written.toLowerCase();
  const name = (PLAIN_NAME.test(lower) ? lower : domainToASCII(lower)).replace(/\.$/, '');
  if (name === '')
    return problem(
      'host_idna',
      text,
      'this is not a valid international name (UTS #46)',
      'write the name as it stands in the address bar of a browser, or its "xn--" form',
    );
  if (endsInNumber(name)) return ipSpelling(text);
  return checkLabels(text, name, wildcard) ?? checkSuffix(text, name, wildcard, options) ?? named(name, wildcard);
}

function named(name: string, wildcard: boolean): NormalHost {
  return wildcard ? { host: `*.${name}`, kind: 'wildcard' } : { host: name, kind: 'name' };
}

function readIpv4(text: string, options: { private?: boolean }): NormalHost | HostProblem {
  const ip = canonicalIp(text);
  return ip === undefined ? ipSpelling(text) : ipHost(text, ip, options);
}

function ipHost(text: string, ip: string, options: { private?: boolean }): NormalHost | HostProblem {
  if (options.private) return { host: ip, kind: 'ip' };
  const network = ip.includes(':') ? `${ip}/128` : `${ip}/32`;
  return problem(
    'host_ip_needs_private',
    text,
    'an IP address is accepted only with `private`',
    `write the name of the host, or add \`private: ["${network}"]\``,
  );
}

function ipSpelling(text: string): HostProblem {
  return problem(
    'host_ip_spelling',
    text,
    'a host whose last label is a number is an IPv4 address, and this is not its one accepted spelling',
    'write four decimal numbers without leading zeros, like "10.0.3.7", with `private`',
  );
}

function checkLabels(text: string, name: string, wildcard: boolean): HostProblem | undefined {
  const labels = name.split('.');
  if (labels[0] === '' && labels.length > 1)
    return problem(
      'host_label',
      text,
      'a label is empty',
      `for every name below write ${quote(`*.${name.slice(1)}`)}, for the name itself ${quote(name.slice(1))}`,
    );
  for (const label of labels) {
    if (label === '') return problem('host_label', text, 'a label is empty', 'write one dot between two labels');
    if (label.length > LONGEST_LABEL)
      return problem(
        'host_label',
        text,
        `the label ${quote(label)} has ${label.length} characters`,
        `a label has at most ${LONGEST_LABEL} (RFC 1035)`,
      );
    if (!LABEL.test(label))
      return problem(
        'host_label',
        text,
        `the label ${quote(label)} is not allowed`,
        'a label is made of letters, digits, "-" and "_", and neither begins nor ends with "-"',
      );
  }
  const length = name.length + (wildcard ? 2 : 0);
  if (length > LONGEST_NAME)
    return problem(
      'host_label',
      text,
      `the name has ${length} characters`,
      `a name has at most ${LONGEST_NAME} (RFC 1035)`,
    );
  return undefined;
}

function checkSuffix(
  text: string,
  name: string,
  wildcard: boolean,
  options: { private?: boolean },
): HostProblem | undefined {
  if (!wildcard && name.includes('.')) return undefined;
  const found = parse(name, SUFFIX_OPTIONS);
  const isSuffix = found.publicSuffix === name && (found.isIcann === true || found.isPrivate === true);
  if (!wildcard) {
    return isSuffix
      ? problem(
          'host_public_suffix',
          text,
          'this is a top-level domain, not a host',
          `write a whole name, like ${quote(`www.example.${name}`)}`,
        )
      : undefined;
  }
  const below = `any.${name}`; // `*.ck` of the list makes every name below ck a suffix
  if (isSuffix || getPublicSuffix(below, SUFFIX_OPTIONS) === below) {
    return problem(
      'host_public_suffix',
      text,
      `anybody can get a name below ${quote(name)} (public suffix list)`,
      `name the hosts, or a wildcard on a name of one owner, like ${quote(`*.example.${name}`)}`,
    );
  }
  if (!name.includes('.') && !options.private) {
    return problem(
      'host_public_suffix',
      text,
      `${quote(name)} is a top-level name`,
      'write a wildcard on a longer name, or add `private` with the networks that these names may resolve to',
    );
  }
  return undefined;
}

/** ` "api.example.com"` out of a URL, if there is a usable name in it. */
function suggestion(url: string): string {
  const host = /^[^/]*\/\/(?:[^/\\?#]*@)?([A-Za-z0-9_*.-]+)/.exec(url)?.[1];
  return host ? `: ${quote(host)}` : '';
}

function problem(code: ProblemCode, text: string, what: string, remedy: string): HostProblem {
  return { code, message: `host ${quote(text)}: ${what}; ${remedy}` };
}
