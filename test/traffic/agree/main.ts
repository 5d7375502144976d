/** Inside the namespace: `decide` against the real Envoy, as often as the command line says; see scripts/agree.mjs. */
import type { Bench } from '../support/bench';
import { agree, type Progress } from './agreement';
import { readArguments, UsageError } from './arguments';
import { openBench, realGateway } from './real-gateway';

const SAY_MS = 5000;

/** Says on standard error, every few seconds, how far it is. */
function reporter(pairs: number): (progress: Progress) => void {
  const start = performance.now();
  let said = 0;
  return (progress) => {
    const seconds = (performance.now() - start) / 1000;
    if (seconds * 1000 - said < SAY_MS && progress.pairs < pairs) return;
    said = seconds * 1000;
    const rate = progress.pairs / seconds;
    const left =
      progress.shrinking > 0
        ? `1 disagreement, made smaller ${progress.shrinking} times`
        : `0 disagreements, ${Math.max(0, (pairs - progress.pairs) / rate).toFixed()} s left`;
    console.error(`${progress.pairs} of ${pairs} pairs, ${rate.toFixed()} a second, ${left}`);
  };
}

/** Ends Envoy, then itself as the signal would have. */
async function stop(bench: Bench, signal: NodeJS.Signals): Promise<void> {
  await bench.close();
  process.kill(process.pid, signal);
}

async function run(args: readonly string[]): Promise<number> {
  const options = readArguments(args);
  const { pairs, seed, requestsPerPolicy, path } = options;
  console.error(`seed ${seed}, ${pairs} pairs, ${requestsPerPolicy} requests a policy`);
  const bench = await openBench();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(bench, signal));
  const start = performance.now();
  const onFailure = (pair: string): void => console.error(`a disagreement, to be made smaller:\n${pair}`);
  try {
    const { tally, failure } = await agree(realGateway(bench), { ...options, onPolicy: reporter(pairs), onFailure });
    console.log(tally.summary);
    const seconds = (performance.now() - start) / 1000;
    console.log(`${seconds.toFixed()} s, ${(tally.pairs / seconds).toFixed()} pairs a second, seed ${seed}`);
    if (failure) {
      console.log(`DISAGREEMENT\n${failure.text}`);
      return 1;
    }
    console.log('0 disagreements');
    const missed = path === undefined ? tally.missed : [];
    if (missed.length > 0) console.log(`reached too seldom, so that the run proves little: ${missed.join('; ')}`);
    return missed.length > 0 ? 1 : 0;
  } finally {
    await bench.close();
  }
}

run(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    const usage = error instanceof UsageError;
    console.error(usage ? error.message : error);
    process.exitCode = usage ? 2 : 70;
  },
);
