/** The longest name of a workload (a DNS label, RFC 1123). */
const LONGEST = 63;

/**
 * A server's name as a workload's: lower case, letters, digits and hyphens, beginning with a letter.
 * `My Server` -> `my-server`, `7zip` -> `mcp-7zip`.
 */
export function workloadName(name: string): string {
  const plain = name
    .slice(0, 4 * LONGEST)
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '') // é is e and an accent
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '');
  const begun = /^[a-z]/.test(plain) ? plain : `mcp-${plain}`;
  return begun.slice(0, LONGEST).replace(/-+$/, '');
}

/** The name itself, or the first of `name-2`, `name-3`, … that is not taken. */
export function freeName(name: string, isTaken: (candidate: string) => boolean): string {
  for (let number = 1; ; number += 1) {
    const ending = number === 1 ? '' : `-${number}`;
    const candidate = `${name.slice(0, LONGEST - ending.length)}${ending}`;
    if (!isTaken(candidate)) return candidate;
  }
}
