import type { ChangeRow, ChangesPart } from '../model';
import { Pager, usePages } from './pages';
import { Part } from './part';

interface ChangesProps {
  readonly changes: ChangesPart;
  readonly workload: string;
}

const EFFECT_WORDS: Readonly<Record<ChangeRow['effect'], string>> = {
  widened: 'wider',
  narrowed: 'narrower',
  moved: 'moved',
};

/** What another policy did not allow, and what it did. */
export function Changes({ changes: { before, after, words, rows }, workload }: ChangesProps) {
  // What changes for all workloads changes for this one.
  const shown = rows.filter((row) => workload === '' || row.workload === undefined || row.workload === workload);
  const { from, to, go } = usePages(shown.length, workload);
  return (
    <Part id="changes" title="Changes">
      <p>
        From <code>{before}</code> to <code>{after}</code>, by meaning: <strong>{words}</strong>.
      </p>
      {shown.length > 0 && (
        <>
          <Pager from={from} to={to} go={go} count={shown.length} noun="change" id="changes" />
          <table class="stack changes">
            <caption class="hidden">Changes</caption>
            <thead>
              <tr>
                <th scope="col">Effect</th>
                <th scope="col">Workload</th>
                <th scope="col">What</th>
                <th scope="col">Change</th>
              </tr>
            </thead>
            <tbody>
              {shown.slice(from, to).map(({ effect, workload: name, what, change }, index) => (
                <tr key={index}>
                  <td data-label="Effect">
                    <span class={`tag ${effect}`}>{EFFECT_WORDS[effect]}</span>
                  </td>
                  <td data-label="Workload">{name ?? 'all'}</td>
                  <td data-label="What">
                    <code>{what}</code>
                  </td>
                  <td data-label="Change">{change}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Part>
  );
}
