import { useState } from 'preact/hooks';
import type { ReportModel } from '../model';
import { Access } from './access';
import { Changes } from './changes';
import { Claims } from './claims';
import { namesOf } from './names';
import { Network } from './network';
import { Refusals } from './refusals';
import { Summary } from './summary';
import { ThemeButton } from './theme-button';

/** The page. One choice of a workload holds for all of it. */
export function Report({ model }: { readonly model: ReportModel }) {
  const [workload, setWorkload] = useState('');
  const { policy, proof, changes, log } = model;
  const parts = [
    ...(policy || proof ? [['network', 'Network']] : []),
    ...(proof ? [['claims', 'Proof']] : []),
    ...(policy ? [['access', 'Who may reach what']] : []),
    ...(changes ? [['changes', 'Changes']] : []),
    ...(log ? [['refusals', 'Refusals']] : []),
  ];
  return (
    <>
      <a class="skip" href="#content">
        To the content
      </a>
      <header class="top">
        <nav aria-label="Parts of the page">
          {parts.map(([id, title]) => (
            <a key={id} href={`#${id}`}>
              {title}
            </a>
          ))}
        </nav>
        <div class="tools">
          <label>
            Workload{' '}
            <select value={workload} onChange={(event) => setWorkload(event.currentTarget.value)}>
              <option value="">all</option>
              {namesOf(model).map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <ThemeButton />
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        <Summary model={model} />
        {(policy || proof) && <Network model={model} workload={workload} onChoose={setWorkload} />}
        {proof && <Claims proof={proof} />}
        {policy && <Access policy={policy} workload={workload} />}
        {changes && <Changes changes={changes} workload={workload} />}
        {log && <Refusals log={log} workload={workload} />}
      </main>
    </>
  );
}
