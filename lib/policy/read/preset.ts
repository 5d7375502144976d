import { DEFAULT_PORTS } from '../ports';
import { findPreset, PRESETS } from '../presets/presets';
import { quote } from '../quote';
import { narrowingKeys, type Referred } from './group';
import { readNotes } from './notes';
import type { Path, Problems } from './problems';
import { isText, type Raw } from './raw';
import { suggestKey } from './suggest';

/** Reads an entry of `allow` that refers to a preset: one rule for its hosts. */
export function readPreset(entry: Raw, place: Path, problems: Problems): Referred {
  for (const key of narrowingKeys(entry)) {
    problems.addKey(
      'preset_keys',
      [...place, key],
      `\`${key}\` cannot change the rules of a preset; beside \`preset\` stand only \`owner\`, \`reason\` and \`expires\`: write the hosts as a rule of your own`,
    );
  }
  const notes = readNotes(entry, place, problems);
  if (!isText(entry.preset)) return { bodies: [] };
  const preset = findPreset(entry.preset);
  if (preset === undefined) {
    problems.add('preset_unknown', [...place, 'preset'], unknownPreset(entry.preset));
    return { bodies: [] };
  }
  const hosts = preset.hosts.map(({ host }) => host).sort();
  const source = problems.locator.at(place);
  const body = { hosts, ports: [DEFAULT_PORTS.tls], protocol: 'tls' as const, ...notes, source };
  return { origin: { preset: preset.name }, bodies: [body] };
}

function unknownPreset(name: string): string {
  const names = PRESETS.map((preset) => preset.name);
  const meant = suggestKey(name, names);
  const hint = meant === undefined ? '' : ` (did you mean ${quote(meant)}?)`;
  return `preset ${quote(name)} does not exist${hint}; write one of ${names.join(', ')}, or name the hosts yourself`;
}
