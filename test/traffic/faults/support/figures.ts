/** Writes what a fault test measured beside the results; nothing passes or fails by it. */
export function figure(what: string, value: string | number, unit = ''): void {
  const text = typeof value === 'number' ? String(Math.round(value * 10) / 10) : value;
  process.stderr.write(`    ${what}: ${text}${unit === '' ? '' : ` ${unit}`}\n`);
}
