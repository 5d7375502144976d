/** A set of points: for each dimension the values it holds, sorted. It is their product. */
export type Box = readonly (readonly number[])[];

/**
 * Joins boxes that differ in one dimension alone, until none do.
 * @param boxes Disjoint boxes of the same dimensions.
 * @returns Disjoint boxes with the same points.
 */
export function mergeBoxes(boxes: readonly Box[]): Box[] {
  const dimensions = boxes[0]?.length ?? 0;
  let merged = [...boxes];
  for (;;) {
    const before = merged.length;
    for (let dimension = 0; dimension < dimensions; dimension += 1) merged = mergeAlong(merged, dimension);
    if (merged.length === before) return merged;
  }
}

function mergeAlong(boxes: readonly Box[], dimension: number): Box[] {
  const alike = new Map<string, Box>();
  for (const box of boxes) {
    const key = box
      .filter((_, index) => index !== dimension)
      .map((values) => values.join())
      .join(';');
    const found = alike.get(key);
    alike.set(
      key,
      found ? box.map((values, index) => (index === dimension ? join(found[index], values) : values)) : box,
    );
  }
  return [...alike.values()];
}

function join(a: readonly number[] = [], b: readonly number[]): number[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}
