import type { ProofPart, ReportModel } from '../model';
import { counted, number } from './words';

const VERDICTS = {
  sealed: 'The gateway is the only way out.',
  accepted: 'Claims are broken, and somebody answers for them; what they let out goes beside the gateway.',
  leak: 'A layer that should hold does not; the paths are drawn below.',
  unproven: 'Nothing open was found, but not everything that could open a way is known.',
} as const;

const OPEN = 'There is a way out beside the gateway today; it is drawn below.';

/** What to know first. */
export function Summary({ model }: { readonly model: ReportModel }) {
  const { proof, policy } = model;
  const verdict = proof ? seal(proof) : 'none';
  return (
    <div class="summary">
      <h1>Egress report</h1>
      <p class={`verdict ${verdict}`}>
        <strong>{proof ? capital(proof.words) : 'Not proven'}</strong>{' '}
        {proof
          ? proof.completePath
            ? OPEN
            : VERDICTS[seal(proof)]
          : 'No plan was given, so nothing is said about other ways out.'}
      </p>
      {policy?.mode === 'observe' && (
        <p class="verdict unproven">
          <strong>Mode observe</strong> What no rule allows passes, and is logged as would_deny.
        </p>
      )}
      <dl class="figures">
        {figures(model).map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Sources model={model} />
    </div>
  );
}

/** What was accepted is no proof of anything. */
function seal({ verdict, claims }: ProofPart): keyof typeof VERDICTS {
  return verdict === 'sealed' && claims.some(({ accepted }) => accepted !== undefined) ? 'accepted' : verdict;
}

function figures({ policy, proof, changes, log }: ReportModel): [string, string][] {
  const refused = (log?.groups ?? []).filter(({ decision }) => decision !== 'allowed');
  const refusals = refused.reduce((sum, { count }) => sum + count, 0);
  return [
    ...(policy ? [pair('Workloads', policy.workloads.length), pair('Rules', policy.rules.length)] : []),
    ...(proof ? [pair('Claims that hold', `${holding(proof)} of ${proof.claims.length}`)] : []),
    ...(changes ? [pair('Changes that allow more', changes.rows.filter(isWider).length)] : []),
    ...(log ? [pair('Decisions', log.shown), pair('Refusals', refusals)] : []),
  ];
}

function Sources({ model: { policy, proof, changes, log } }: { readonly model: ReportModel }) {
  return (
    <p class="sources">
      {policy && (
        <>
          Policy <code>{policy.files.join(', ')}</code>, meaning <code>{policy.hash.slice(0, 12)}</code>
          {changes && (
            <>
              , against <code>{changes.before}</code>
            </>
          )}
          .{' '}
        </>
      )}
      {proof && (
        <>
          Proof of {counted(proof.resources, 'resource')} in <code>{proof.documents.join(', ')}</code>.{' '}
        </>
      )}
      {log && (
        <>
          Log <code>{log.sources.join(', ')}</code>.
        </>
      )}
    </p>
  );
}

function pair(term: string, value: number | string): [string, string] {
  return [term, typeof value === 'number' ? number(value) : value];
}

function holding({ claims }: NonNullable<ReportModel['proof']>): number {
  return claims.filter(({ status }) => status === 'holds').length;
}

function isWider({ effect }: { readonly effect: string }): boolean {
  return effect === 'widened';
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
