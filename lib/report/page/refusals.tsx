import { useMemo, useState } from 'preact/hooks';
import type { LogPart, LogRow } from '../model';
import { Pager, usePages } from './pages';
import { Part } from './part';
import { SearchField } from './search-field';
import { TimesChart } from './times-chart';
import { counted, number, shortTime } from './words';

interface RefusalsProps {
  readonly log: LogPart;
  readonly workload: string;
}

/** What the log holds, and what would allow what was refused. */
export function Refusals({ log, workload }: RefusalsProps) {
  const [query, setQuery] = useState('');
  const [allowed, setAllowed] = useState(false);
  const all = useMemo(() => log.groups.map((row) => ({ row, text: textOf(row) })), [log]);
  const rows = useMemo(() => {
    const words = query.toLowerCase().split(/\s+/);
    return all
      .filter(({ row }) => (allowed || row.decision !== 'allowed') && (workload === '' || row.workload === workload))
      .filter(({ text }) => words.every((word) => text.includes(word)))
      .map(({ row }) => row);
  }, [all, query, workload, allowed]);
  const { from, to, go } = usePages(rows.length, `${workload} ${query} ${allowed}`);
  return (
    <Part id="refusals" title="Refusals">
      <p class="note">{readWords(log)}</p>
      {log.shown === 0 && (
        <p class="verdict unproven">
          <strong>No decision of a gateway is shown</strong> Whether anything was refused is not known from this log.
        </p>
      )}
      <TimesChart times={log.times} workload={workload} />
      <SearchField label="Destination, workload or reason" value={query} onChange={setQuery} />
      <label class="check">
        <input type="checkbox" checked={allowed} onChange={(event) => setAllowed(event.currentTarget.checked)} /> with
        what was allowed
      </label>
      <Pager from={from} to={to} go={go} count={rows.length} noun="destination" id="refusals" />
      {rows.length > 0 && <LogTable rows={rows.slice(from, to)} />}
    </Part>
  );
}

function LogTable({ rows }: { readonly rows: readonly LogRow[] }) {
  return (
    <table class="stack log">
      <caption class="hidden">Decisions</caption>
      <thead>
        <tr>
          <th scope="col">Count</th>
          <th scope="col">Workload and destination</th>
          <th scope="col">Why</th>
          <th scope="col">Seen (UTC)</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            <td data-label="Count" class="count">
              {number(row.count)}
            </td>
            <td data-label="Destination">
              <div class="small">{row.workload}</div>
              <code>{destination(row)}</code>
              {row.yaml !== undefined && (
                <div class="advice">
                  <span class="label">To allow it</span> <code class="add">{row.yaml}</code>
                </div>
              )}
              {row.hint !== undefined && <div class="advice">{row.hint}</div>}
            </td>
            <td data-label="Why">
              <span class={`tag ${row.decision}`}>{row.decision}</span> <code>{row.reason}</code>
              <div class="small">{row.why ?? ''}</div>
            </td>
            <td data-label="Seen (UTC)" class="nowrap small">
              {shortTime(row.firstSeen)}
              <br />
              {shortTime(row.lastSeen)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What a search looks at. */
function textOf(row: LogRow): string {
  return `${row.workload} ${destination(row)} ${row.decision} ${row.reason} ${row.rule ?? ''}`.toLowerCase();
}

function destination({ method, destination: place, sni }: LogRow): string {
  return `${method === undefined || method === 'CONNECT' ? '' : `${method} `}${place}${sni === undefined ? '' : ` (SNI ${sni})`}`;
}

function readWords({ since, lines, decisions, shown, pending, foreign, others }: LogPart): string {
  const more = [
    ...(decisions > shown ? [`${number(decisions - shown)} before that time`] : []),
    ...(pending > 0 ? [`${number(pending)} first lines of tunnels, whose decision came later`] : []),
    ...(foreign > 0 ? [`${number(foreign)} not of the gateway`] : []),
    ...(others > 0 ? [`${number(others)} of further destinations, which are not told apart`] : []),
  ];
  const from = since === undefined ? '' : ` since ${shortTime(since)} UTC`;
  return `${counted(shown, 'decision')}${from} in ${counted(lines, 'line')} of the log${more.length > 0 ? ` (${more.join('; ')})` : ''}. What a client asked for is shown as it came, and may be a lie.`;
}
