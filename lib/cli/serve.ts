import { type EnvoyExit } from '../gateway/envoy-process';
import { type Gateway } from '../gateway/gateway';
import { printable } from '../gateway/log-line';
import { type DecisionOutput } from './decision-output';
import { EXIT, type ExitCode } from './exit-codes';
import { colorsOf, progress } from './terminal';
import { type StopWish } from './until-signal';

/**
 * Waits until somebody wants the gateway to stop, or Envoy dies; then sums up. SIGTERM, which is what orchestrators send, lets requests
 * end that are under way; Ctrl-C, which reaches Envoy as well, and the end of the terminal or of the log's reader end it at once.
 * @param drainSeconds the most that is waited after SIGTERM
 * @returns `yes` after a signal, `no` with Envoy's own words if it died
 */
export async function serve(
  gateway: Gateway,
  output: DecisionOutput,
  wish: StopWish,
  drainSeconds = 0,
): Promise<ExitCode> {
  const end = await Promise.race([gateway.exited, wish.asked]);
  const died = typeof end === 'string' ? undefined : end;
  if (!died) await endInOrder(gateway, end === 'SIGTERM' ? drainSeconds : 0);
  await output.close();
  progress(`\n${output.summary()}`);
  if (!died) return EXIT.yes;
  progress(deathWords(died));
  return EXIT.no;
}

async function endInOrder(gateway: Gateway, drainSeconds: number): Promise<void> {
  if (drainSeconds > 0) progress(`no new connections from here on; those under way may end, for ${drainSeconds} s`);
  const { cut } = await gateway.drain(drainSeconds);
  if (cut > 0) progress(`${cut} ${cut === 1 ? 'request or tunnel was' : 'requests and tunnels were'} cut`);
}

function deathWords({ code, signal, words }: EnvoyExit): string {
  const { red } = colorsOf(process.stderr);
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code ?? '?'}`;
  const said = words.length > 0 ? '; it said:' : ', without a word';
  return [`${red('error:')} Envoy ${how}${said}`, ...words.map((line) => `  ${printable(line)}`)].join('\n');
}
