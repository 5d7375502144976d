import type { ClaimRow, FindingRow, ProofPart } from '../model';
import { Part } from './part';
import { usePrinting } from './use-printing';
import { counted } from './words';

/** The verdict and the claims, with everything that they stand on. */
export function Claims({ proof }: { readonly proof: ProofPart }) {
  return (
    <Part id="claims" title="Proof">
      <p class="note">
        Each claim is judged by itself, so that a seal that hangs on one layer does not count as one.{' '}
        <code>mcp-egress prove</code> says the same.
      </p>
      <ol class="claims">
        {proof.claims.map((claim) => (
          <Claim key={claim.id} claim={claim} />
        ))}
      </ol>
      {proof.refused.length > 0 && <Lines title="Not accepted" lines={proof.refused} open />}
      <Lines title="What the proof takes on trust" lines={proof.trusts} />
      <Lines title="Narrow ways that stay open by design" lines={proof.residualChannels} />
    </Part>
  );
}

function Claim({ claim: { id, says, status, accepted, findings, evidence } }: { readonly claim: ClaimRow }) {
  const shown = accepted === undefined ? status : 'accepted';
  return (
    <li class={`claim ${shown}`}>
      <h3>
        <span class="claim-id">{id}</span> <span class="claim-says">{says}</span>{' '}
        <span class={`tag ${shown}`}>{shown}</span>
      </h3>
      {accepted !== undefined && <p>Accepted: {accepted}</p>}
      {findings.map((finding, index) => (
        <Finding key={index} finding={finding} />
      ))}
      {evidence.length > 0 && <Lines title={counted(evidence.length, 'line') + ' of evidence'} lines={evidence} />}
    </li>
  );
}

function Finding({ finding: { status, what, path, change, place } }: { readonly finding: FindingRow }) {
  return (
    <div class={`finding ${status}`}>
      <p class="what">{what}</p>
      {path.length > 0 && (
        <ol class="hops">
          {path.map(({ address, words }, index) => (
            <li key={index}>
              <code>{address}</code> {words}
            </li>
          ))}
        </ol>
      )}
      <p>
        <span class="label">Change</span> {change}
      </p>
      {place !== undefined && (
        <p>
          <span class="label">At</span> <code>{place}</code>
        </p>
      )}
    </div>
  );
}

interface LinesProps {
  readonly title: string;
  readonly lines: readonly string[];
  readonly open?: boolean;
}

function Lines({ title, lines, open }: LinesProps) {
  const printing = usePrinting();
  if (lines.length === 0) return null;
  // On paper nobody can open it.
  return (
    <details open={open === true || printing}>
      <summary>{title}</summary>
      <ul>
        {lines.map((line, index) => (
          <li key={index}>{line}</li>
        ))}
      </ul>
    </details>
  );
}
