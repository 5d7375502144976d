import type { ReachRow } from '../model';

interface ReachTableProps {
  readonly reach: readonly ReachRow[];
  readonly workload: string;
}

/** The drawing in words. */
export function ReachTable({ reach, workload }: ReachTableProps) {
  const rows = reach.filter((row) => workload === '' || row.workload === workload);
  return (
    <details>
      <summary>The same as a table</summary>
      <table class="stack">
        <thead>
          <tr>
            <th scope="col">Workload</th>
            <th scope="col">Gateway port</th>
            <th scope="col">VPC endpoints</th>
            <th scope="col">Calls</th>
            <th scope="col">By those that it calls</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ workload: name, gateway, endpoints, peers, viaCalls }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td data-label="Gateway port">{gateway.join(', ') || 'none'}</td>
              <td data-label="VPC endpoints">{endpoints.join(', ') || 'none'}</td>
              <td data-label="Calls">{peers.join(', ') || 'nobody'}</td>
              <td data-label="By those that it calls">{viaCalls.join(', ') || 'nothing'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
