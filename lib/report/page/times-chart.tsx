import type { RefusalSeries } from '../model';
import { barsOf, momentWords, roundUp, stepWords, type Bar } from './times-layout';
import { counted, number } from './words';

interface TimesChartProps {
  readonly times: RefusalSeries;
  readonly workload: string;
}

const WIDTH = 1040;
const HEIGHT = 190;
const LEFT = 56;
const TOP = 14;
const BOTTOM = 160;

/** Refusals over time, and the same as a table. */
export function TimesChart({ times, workload }: TimesChartProps) {
  const bars = barsOf(times, workload);
  const total = bars.reduce((sum, { denied, wouldDeny }) => sum + denied + wouldDeny, 0);
  if (total === 0) return null;
  const step = stepWords(times.stepMinutes);
  return (
    <figure class="times">
      <figcaption>
        Refusals per {step} (UTC): <span class="key denied">denied</span>
        {bars.some(({ wouldDeny }) => wouldDeny > 0) && (
          <>
            , <span class="key would-deny">would be denied</span>
          </>
        )}
        {times.undated > 0 && `; ${counted(times.undated, 'refusal')} without a time`}
      </figcaption>
      <div class="drawing" role="region" aria-label="Chart of refusals" tabIndex={0}>
        <Chart
          bars={bars}
          stepMinutes={times.stepMinutes}
          words={`${counted(total, 'refusal')} over time, per ${step}`}
        />
      </div>
      <BarTable bars={bars} stepMinutes={times.stepMinutes} />
    </figure>
  );
}

interface ChartProps {
  readonly bars: readonly Bar[];
  readonly stepMinutes: number;
  readonly words: string;
}

function Chart({ bars, stepMinutes, words }: ChartProps) {
  const top = roundUp(Math.max(...bars.map(({ denied, wouldDeny }) => denied + wouldDeny)));
  const slot = (WIDTH - LEFT - 8) / Math.max(bars.length, 12);
  const heightOf = (value: number): number => (value / top) * (BOTTOM - TOP);
  const marks = marksOf(bars.length);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words}>
      {[0, top / 2, top].map((value) => (
        <g key={value}>
          <path class="grid" d={`M${LEFT} ${BOTTOM - heightOf(value)}H${WIDTH - 8}`} />
          <text class="axis end" x={LEFT - 8} y={BOTTOM - heightOf(value) + 4}>
            {Number.isInteger(value) ? number(value) : ''}
          </text>
        </g>
      ))}
      {bars.map(({ start, denied, wouldDeny }, index) => {
        const [x, width] = [LEFT + slot * index + slot * 0.1, slot * 0.8];
        const [low, high] = [heightOf(denied), heightOf(wouldDeny)];
        return (
          <g key={start}>
            <title>{`${momentWords(start, stepMinutes)}: ${number(denied)} denied, ${number(wouldDeny)} would be denied`}</title>
            <rect class="bar denied" x={x} y={BOTTOM - low} width={width} height={low} />
            <rect class="bar would-deny" x={x} y={BOTTOM - low - high} width={width} height={high} />
          </g>
        );
      })}
      {marks.map(({ index, anchor, at }) => (
        <text key={index} class={`axis ${anchor}`} x={LEFT + slot * at} y={BOTTOM + 18}>
          {momentWords(bars[index]?.start ?? 0, stepMinutes)}
        </text>
      ))}
    </svg>
  );
}

/** Which bars have their time below them: the first, the middle and the last one, as far as there is room. */
function marksOf(count: number): { readonly index: number; readonly anchor: string; readonly at: number }[] {
  const last = count - 1;
  return [
    { index: 0, anchor: 'start', at: 0 },
    ...(count > 24 ? [{ index: Math.floor(last / 2), anchor: 'middle', at: Math.floor(last / 2) + 0.5 }] : []),
    ...(count > 6 ? [{ index: last, anchor: 'end', at: count }] : []),
  ];
}

function BarTable({ bars, stepMinutes }: Omit<ChartProps, 'words'>) {
  return (
    <details>
      <summary>The same as a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">From (UTC)</th>
            <th scope="col">Denied</th>
            <th scope="col">Would be denied</th>
          </tr>
        </thead>
        <tbody>
          {bars
            .filter(({ denied, wouldDeny }) => denied + wouldDeny > 0)
            .map(({ start, denied, wouldDeny }) => (
              <tr key={start}>
                <th scope="row">{momentWords(start, stepMinutes)}</th>
                <td>{number(denied)}</td>
                <td>{number(wouldDeny)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </details>
  );
}
