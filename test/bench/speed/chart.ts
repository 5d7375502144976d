import * as echarts from 'echarts';
import type { Operation } from './operations';
import { ratio, type Results } from './results';

const SHOWN: readonly (readonly [Operation, string])[] = [
  ['tunnel', 'new tunnel'],
  ['request', 'request in a tunnel'],
  ['plain', 'plain HTTP'],
];
const [WIDTH, HEIGHT] = [860, 420];
/** The rest of a bar beyond this is cut off, and its label says how much it is. */
const CUT = 8;

/** A bar chart of medians relative to direct, one client, fewest hosts; readable on light and on dark pages. */
export function chart(results: Results): string {
  const hosts = Math.min(...results.samples.map((sample) => sample.hosts));
  const names = results.peers.map(({ name }) => name);
  const drawn = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  drawn.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    color: ['#0b6e4f', '#86bfa9', '#7a8b99', '#a3b1bc', '#c3ccd3', '#8d7f71', '#b5a999'],
    title: {
      text: `p50 relative to direct, 1 client, ${hosts} hosts (less is better)`,
      left: 'center',
      top: 8,
      textStyle: { fontSize: 14 },
    },
    legend: { bottom: 8, data: names },
    grid: { left: 48, right: 16, top: 48, bottom: 64 },
    xAxis: { type: 'category', data: SHOWN.map(([, words]) => words), axisTick: { show: false } },
    yAxis: { type: 'value', min: 0, max: CUT, axisLabel: { formatter: '{value}x' } },
    series: names.map((name) => ({
      name,
      type: 'bar',
      barGap: '10%',
      data: SHOWN.map(([operation]) => bar(ratio(results, name, 'direct', { operation, clients: 1, hosts })?.median)),
    })),
  });
  const svg = drawn.renderToSVGString();
  drawn.dispose();
  return `${svg}\n`;
}

function bar(value: number | undefined): object {
  if (value === undefined) return { value: null };
  const label = {
    show: true,
    position: value > CUT ? 'insideTop' : 'top',
    fontSize: 10,
    color: '#333333',
    formatter: value.toFixed(1),
  };
  return { value: Math.min(value, CUT), label };
}
