/** Full size is 1 (`npm run test:faults`), the default of `npm test` a tenth. Numbers, not meanings, depend on it. */
const SIZE = readSize(process.env.MCP_EGRESS_FAULT_SIZE);

/** Whether a test runs at its full size. */
export const FULL_SIZE = SIZE >= 1;

/**
 * How much of something a test takes.
 * @param full what the full size has
 * @param least what it must have at any size to mean something; default 1
 */
export function sized(full: number, least = 1): number {
  return Math.min(full, Math.max(least, Math.round(full * SIZE)));
}

/** @throws Error for anything but a number above 0, up to 1 */
function readSize(text = '0.1'): number {
  const size = Number(text);
  if (size > 0 && size <= 1) return size;
  throw new Error(`MCP_EGRESS_FAULT_SIZE is ${JSON.stringify(text)}; write a number above 0, up to 1.`);
}
