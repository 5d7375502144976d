import { type EnvoyExit } from '../gateway/envoy-process';
import { type Gateway } from '../gateway/gateway';
import { printable } from '../gateway/log-line';
import { type DecisionOutput } from './decision-output';
import { EXIT, type ExitCode } from './exit-codes';
import { colorsOf, progress } from './terminal';
import { type StopWish } from './until-signal';

/**
 * Waits until somebody wants the gateway to stop, or Envoy dies; then sums up.
 * @returns `yes` after a signal, `no` with Envoy's own words if it died
 */
export async function serve(gateway: Gateway, output: DecisionOutput, wish: StopWish): Promise<ExitCode> {
  const died = await Promise.race([gateway.exited, wish.asked.then(() => undefined)]);
  if (!died) await gateway.stop();
  await output.close();
  progress(`\n${output.summary()}`);
  if (!died) return EXIT.yes;
  progress(deathWords(died));
  return EXIT.no;
}

function deathWords({ code, signal, words }: EnvoyExit): string {
  const { red } = colorsOf(process.stderr);
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code ?? '?'}`;
  const said = words.length > 0 ? '; it said:' : ', without a word';
  return [`${red('error:')} Envoy ${how}${said}`, ...words.map((line) => `  ${printable(line)}`)].join('\n');
}
