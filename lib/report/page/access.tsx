import { useMemo, useState } from 'preact/hooks';
import type { PolicyPart, RuleRow } from '../model';
import { Pager, usePages } from './pages';
import { Part } from './part';
import { find, hostsFor, searchable } from './search';
import { SearchField } from './search-field';
import { counted } from './words';

interface AccessProps {
  readonly policy: PolicyPart;
  readonly workload: string;
}

/** The rules, to be searched. */
export function Access({ policy, workload }: AccessProps) {
  const [query, setQuery] = useState('');
  const all = useMemo(() => searchable(policy.rules), [policy]);
  const rows = useMemo(() => find(all, query, workload), [all, query, workload]);
  const { from, to, ...pages } = usePages(rows.length, `${workload} ${query}`);
  const own = policy.workloads.find(({ name }) => name === workload);
  return (
    <Part id="access" title="Who may reach what">
      <p class="note">
        What no rule names is refused. Where several rules name a host, the most specific one counts;{' '}
        <code>mcp-egress explain</code> answers for one request.
      </p>
      <SearchField
        label="Host, workload, owner or reason"
        value={query}
        placeholder="api.example.com"
        onChange={setQuery}
      />
      {own && (
        <p class="note">
          {own.name} uses port {own.port} of the gateway
          {own.limits.length > 0 ? `, limited to ${own.limits.join(', ')}` : ', without limits'}.
        </p>
      )}
      <Pager {...pages} from={from} to={to} count={rows.length} noun="rule" id="access" />
      {rows.length > 0 && <RuleTable rows={rows.slice(from, to)} query={query} />}
    </Part>
  );
}

function RuleTable({ rows, query }: { readonly rows: readonly RuleRow[]; readonly query: string }) {
  const today = new Date().toISOString().slice(0, 10);
  return (
    <table class="stack access">
      <caption class="hidden">Rules</caption>
      <thead>
        <tr>
          <th scope="col">Workload</th>
          <th scope="col">May reach</th>
          <th scope="col">Narrowed to</th>
          <th scope="col">Until</th>
          <th scope="col">Why, and whose</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((rule) => (
          <tr key={`${rule.workload} ${rule.id}`}>
            <td data-label="Workload">{rule.workload}</td>
            <td data-label="May reach">
              <Hosts rule={rule} query={query} />
            </td>
            <td data-label="Narrowed to">
              {rule.narrowed.map((words) => (
                <div key={words}>
                  <code>{words}</code>
                </div>
              ))}
            </td>
            <td data-label="Until" class="nowrap">
              {rule.expires}
              {rule.expires !== undefined && rule.expires < today && <span class="tag broken">over</span>}
            </td>
            <td data-label="Why, and whose">
              {rule.reason !== undefined && <div>{rule.reason}</div>}
              <div class="small">{[rule.owner, rule.from, rule.place].filter(Boolean).join(' · ')}</div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const FEW = 6;

function Hosts({ rule, query }: { readonly rule: RuleRow; readonly query: string }) {
  const [all, setAll] = useState(false);
  const hosts = hostsFor(rule, query);
  const shown = all ? hosts : hosts.slice(0, FEW);
  return (
    <>
      {shown.map((host) => (
        <div key={host}>
          <code>{host}</code>
        </div>
      ))}
      {hosts.length > shown.length && (
        <button type="button" class="small" onClick={() => setAll(true)}>
          and {counted(hosts.length - shown.length, 'more host')}
        </button>
      )}
      <div class="small">
        {rule.protocol} on {rule.ports.join(', ')}
      </div>
    </>
  );
}
