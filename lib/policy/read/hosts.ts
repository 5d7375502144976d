import { contains } from '../cidr';
import { normaliseHost, type NormalHost } from '../hosts';
import type { Path, Problems } from './problems';
import { quote } from '../quote';
import { entriesOf, has, isText, type Raw } from './raw';

/** Words that other YAML readers take for a boolean or for nothing. */
const YAML_1_1_WORD = /^(y|yes|n|no|on|off|true|false|null|~)$/i;

/**
 * Reads `host` or `hosts` of a rule.
 * @param networks The rule's `private` less the metadata addresses; undefined without `private` or when that is in error.
 * @returns Normalised, sorted hosts; what is wrong is added to the problems.
 */
export function readHosts(raw: Raw, path: Path, problems: Problems, networks: readonly string[] | undefined): string[] {
  const single = has(raw, 'host');
  const written: [unknown, number][] = single ? [[raw.host, 0]] : entriesOf(raw.hosts);
  const seen = new Map<string, string>();
  const isPrivate = has(raw, 'private');
  for (const [text, index] of written) {
    if (!isText(text)) continue; // the shape check has reported it
    const place = () => (single ? [...path, 'host'] : [...path, 'hosts', index]);
    const normal = readHost(text, place, problems, isPrivate);
    if (normal === undefined) continue;
    checkInside(normal, text, place, problems, networks);
    const before = seen.get(normal.host);
    if (before !== undefined) {
      const spelling = before === text ? '' : `, before as ${quote(before)}`;
      problems.add('duplicate', place(), `host ${quote(text)} stands twice in this rule${spelling}; remove one`);
    }
    seen.set(normal.host, text);
  }
  return [...seen.keys()].sort();
}

function readHost(text: string, place: () => Path, problems: Problems, isPrivate: boolean): NormalHost | undefined {
  if (YAML_1_1_WORD.test(text) && problems.locator.isPlain(place())) {
    problems.add(
      'host_yaml_word',
      place(),
      `host ${quote(text)}: some YAML readers take this word for a boolean or for nothing; write it in quotes`,
    );
    return undefined;
  }
  const normal = normaliseHost(text, { private: isPrivate });
  if ('host' in normal) return normal;
  problems.add(normal.code, place(), normal.message);
  return undefined;
}

function checkInside(
  { host, kind }: NormalHost,
  text: string,
  place: () => Path,
  problems: Problems,
  networks?: readonly string[],
): void {
  if (kind !== 'ip' || networks === undefined || contains(networks, host)) return;
  problems.add(
    'host_ip_outside_private',
    place(),
    `host ${quote(text)} lies outside the rule's \`private\` (less the metadata addresses: ${networks.join(', ')}); write an address inside, or name its network`,
  );
}
