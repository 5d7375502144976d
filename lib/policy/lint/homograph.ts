import { domainToUnicode } from 'node:url';

const SCRIPTS = {
  Latin: /\p{Script=Latin}/u,
  Cyrillic: /\p{Script=Cyrillic}/u,
  Greek: /\p{Script=Greek}/u,
  Armenian: /\p{Script=Armenian}/u,
  Hebrew: /\p{Script=Hebrew}/u,
  Arabic: /\p{Script=Arabic}/u,
  Cherokee: /\p{Script=Cherokee}/u,
  Thai: /\p{Script=Thai}/u,
  Devanagari: /\p{Script=Devanagari}/u,
  Georgian: /\p{Script=Georgian}/u,
  Han: /\p{Script=Han}/u,
  Hiragana: /\p{Script=Hiragana}/u,
  Katakana: /\p{Script=Katakana}/u,
  Hangul: /\p{Script=Hangul}/u,
  Bopomofo: /\p{Script=Bopomofo}/u,
} as const;

/** Scripts that one language mixes (UTS #39 section 5.2, "highly restrictive"). */
const USUAL_MIXES = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
];

/** Cyrillic and Greek small letters that look like Latin ones (UTS #39 confusables). */
const LATIN_LOOKALIKES = /^[аӕсԁеѐёһіїјкӏмոорԛгѕтԝухѵуοανικρυχ0-9-]+$/u;

/**
 * Whether a host may be taken for another one by eye.
 * @param host A normalised host.
 * @returns What is odd, with the Unicode form; undefined for ordinary hosts.
 */
export function findHomograph(host: string): string | undefined {
  if (!host.includes('xn--')) return undefined;
  for (const label of domainToUnicode(host.replace(/^\*\./, '')).split('.')) {
    const scripts = Object.entries(SCRIPTS)
      .filter(([, letters]) => letters.test(label))
      .map(([name]) => name);
    const mixed = scripts.length > 1 && !USUAL_MIXES.some((mix) => scripts.every((script) => mix.includes(script)));
    if (mixed) return `its label ${JSON.stringify(label)} mixes ${scripts.join(' and ')} letters`;
    if (scripts.length === 1 && scripts[0] !== 'Latin' && LATIN_LOOKALIKES.test(label)) {
      return `its label ${JSON.stringify(label)} is made of ${scripts[0]} letters that look like Latin ones`;
    }
  }
  return undefined;
}
