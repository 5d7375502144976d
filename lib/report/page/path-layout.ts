import type { ProofPart } from '../model';
import { WIDTH, type Box } from './network-layout';
import { cut, wrapped } from './words';

/** One step of a drawn path. */
export interface HopBox {
  readonly box: Box;
  /** The resource, cut to the box. */
  readonly name: string;
  readonly lines: readonly string[];
  /** All of it. */
  readonly title: string;
  /** The arrow from the step before. */
  readonly arrow?: string;
}

/** A path of the proof, drawn. */
export interface DrawnPath {
  readonly kind: 'complete' | 'broken' | 'unproven' | 'accepted';
  readonly title: string;
  readonly titleY: number;
  readonly hops: readonly HopBox[];
}

interface WantedPath extends Pick<DrawnPath, 'kind' | 'title'> {
  readonly hops: readonly { readonly address: string; readonly words: string }[];
}

const PER_ROW = 4;
const GAP = 34;
const HOP: Pick<Box, 'width' | 'height'> = { width: (WIDTH - 16 - (PER_ROW - 1) * GAP) / PER_ROW, height: 62 };
const ROW_GAP = 24;
/** Letters that the width of the drawing has room for; the part Proof has all of them. */
const MOST_TITLE = 112;

/** Every path that the proof found, the complete one first; one that stands in several claims is drawn for each. */
export function pathsOf({ completePath, claims }: ProofPart): WantedPath[] {
  const found = claims.flatMap(({ id, accepted, findings }) =>
    findings.flatMap(({ status, what, path }) => {
      if (path.length === 0) return [];
      const kind = status === 'broken' && accepted !== undefined ? ('accepted' as const) : status;
      return [{ kind, title: `${id} ${kind}: ${what}`, hops: path }];
    }),
  );
  if (!completePath) return found;
  const hops = [...completePath, { address: 'outside', words: 'nothing stands in between' }];
  return [{ kind: 'complete', title: 'A complete path, open today', hops }, ...found];
}

/** Where the steps of some paths stand, one path below the other. */
export function layoutPaths(paths: readonly WantedPath[]): {
  readonly paths: readonly DrawnPath[];
  readonly height: number;
} {
  let y = 4;
  const drawn = paths.map(({ kind, title, hops }) => {
    const titleY = y + 14;
    const top = y + 24;
    const rows = Math.ceil(hops.length / PER_ROW);
    y = top + rows * (HOP.height + ROW_GAP);
    return { kind, title: cut(title, MOST_TITLE), titleY, hops: hops.map((hop, index) => hopBox(hop, index, top)) };
  });
  return { paths: drawn, height: y };
}

function hopBox({ address, words }: WantedPath['hops'][number], index: number, top: number): HopBox {
  const box = boxAt(index, top);
  return {
    box,
    name: cut(address, 31),
    lines: wrapped(words, 34, 2),
    title: `${address}: ${words}`,
    ...(index > 0 && { arrow: arrowBetween(boxAt(index - 1, top), box) }),
  };
}

function boxAt(index: number, top: number): Box {
  const [row, column] = [Math.floor(index / PER_ROW), index % PER_ROW];
  return { ...HOP, x: 8 + column * (HOP.width + GAP), y: top + row * (HOP.height + ROW_GAP) };
}

/** Straight to the right, or around the end of a row to the beginning of the next one. */
function arrowBetween(from: Box, to: Box): string {
  if (from.y === to.y) return `M${from.x + from.width} ${from.y + from.height / 2}H${to.x - 2}`;
  const [fromX, toX] = [from.x + from.width / 2, to.x + to.width / 2];
  return `M${fromX} ${from.y + from.height}V${to.y - ROW_GAP / 2}H${toX}V${to.y - 2}`;
}
