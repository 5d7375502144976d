import { quote, unicodeName } from '../quote';
import { fault, type HostFault } from './fault';

/** Characters that cannot be seen: two hosts that look alike would differ. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/u;

/** Finds what shows that a text is more or something else than a host: spaces, a URL, a port. */
export function findForeignParts(text: string): HostFault | undefined {
  if (text.trim() === '') return fault('host_empty', 'a host is empty', 'write a name like "api.example.com"');
  if (/\s/u.test(text)) {
    const remedy = 'write one host, or several as a list: `hosts: [a.example.com, b.example.com]`';
    return fault('host_space', 'a host holds no spaces', remedy);
  }
  const hidden = HIDDEN.exec(text)?.[0];
  if (hidden !== undefined) {
    const what = `the character ${unicodeName(hidden)} cannot be seen`;
    return fault('host_character', what, 'type the name again without it');
  }
  return findUrlParts(text);
}

/** Finds a character that stands in no name, such as `%`, whose escapes a URL parser would resolve. */
export function findOddCharacter(name: string): HostFault | undefined {
  const odd = /[\x21-\x7e]/.exec(name.replace(/[A-Za-z0-9._-]/g, ''))?.[0];
  if (odd === undefined) return undefined;
  return fault('host_character', `${quote(odd)} cannot stand in a host`, 'letters, digits, "-" and "." can');
}

function findUrlParts(text: string): HostFault | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text.startsWith('//')) {
    return fault('host_scheme', 'this is a URL', `write the host alone${hostIn(text)}`);
  }
  if (text.includes('@')) {
    const remedy = `write what stands behind the @${hostIn(`x://${text}`)}`;
    return fault('host_userinfo', 'a host holds no user name', remedy);
  }
  if (/[/\\?#]/.test(text)) {
    const remedy = `write the host alone${hostIn(`x://${text}`)}; an http rule narrows paths with \`paths\``;
    return fault('host_path', 'a host holds no path', remedy);
  }
  if (!/^(\[.*\]|[^:]*):\d*$/.test(text)) return undefined;
  const [, host = '', port] = /^(.*):(\d*)$/.exec(text) ?? [];
  return fault('host_port', 'a host holds no port', `write the host ${quote(host)} and \`ports: [${port || 443}]\``);
}

/** `: "api.example.com"` out of a URL, if there is a usable name in it. */
function hostIn(url: string): string {
  const host = /^[^/]*\/\/(?:[^/\\?#]*@)?([A-Za-z0-9_*.-]+)/.exec(url)?.[1];
  return host ? `: ${quote(host)}` : '';
}
