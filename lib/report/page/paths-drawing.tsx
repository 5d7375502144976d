import { useState } from 'preact/hooks';
import type { ProofPart } from '../model';
import { WIDTH } from './network-layout';
import { layoutPaths, pathsOf, type DrawnPath } from './path-layout';
import { counted } from './words';

/** More at once are no drawing that somebody reads; a button draws them all. */
const MOST = 24;

/** Every path that the proof found, step by step. */
export function PathsDrawing({ proof }: { readonly proof: ProofPart }) {
  const [all, setAll] = useState(false);
  const found = pathsOf(proof);
  if (found.length === 0) return <p class="note">The proof found no other path.</p>;
  const { paths, height } = layoutPaths(all ? found : found.slice(0, MOST));
  const words = `${counted(paths.length, 'path')}, step by step; the part Proof has the same in words.`;
  return (
    <>
      <h3>{counted(found.length, 'path')} that the proof found</h3>
      <div class="drawing" role="region" aria-label="Drawing of the paths" tabIndex={0}>
        <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={words}>
          {paths.map((path, index) => (
            <Path key={index} path={path} />
          ))}
        </svg>
      </div>
      {found.length > paths.length && (
        <button type="button" onClick={() => setAll(true)}>
          Draw all {counted(found.length, 'path')}
        </button>
      )}
    </>
  );
}

function Path({ path: { kind, title, titleY, hops } }: { readonly path: DrawnPath }) {
  return (
    <g class={`path ${kind}`}>
      <text class="path-title" x="8" y={titleY}>
        {title}
      </text>
      {hops.map(({ box, name, lines, title: words, arrow }, index) => (
        <g key={index}>
          <title>{words}</title>
          {arrow !== undefined && <path class="hop-line" d={arrow} />}
          <rect class="hop" {...box} rx="5" />
          <text class="hop-name" x={box.x + 10} y={box.y + 20}>
            {name}
          </text>
          {lines.map((line, row) => (
            <text key={row} class="hop-words" x={box.x + 10} y={box.y + 37 + 15 * row}>
              {line}
            </text>
          ))}
        </g>
      ))}
    </g>
  );
}
