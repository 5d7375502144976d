import { join } from 'node:path';
import { type Gateway } from '../../lib/gateway/gateway';
import { DecisionOutput } from '../../lib/cli/decision-output';
import { EXIT, type ExitCode } from '../../lib/cli/exit-codes';
import { reportError } from '../../lib/cli/report-error';
import { serve } from '../../lib/cli/serve';
import { print, progress } from '../../lib/cli/terminal';
import { untilSignal } from '../../lib/cli/until-signal';
import { ask, type Asked } from './ask';
import { relevantLines } from './curl';
import { LogBook } from './log-book';
import { parseOptions, USAGE } from './options';
import { resultTable } from './result-table';
import { proveExample } from './prove-example';
import { startScene, type Scene } from './scene';
import { endOnSignal, temporaryFolder } from './temporary';

/** The hosts of the two commands; the stand-in has a certificate for both. */
const URLS = ['https://api.your-approved-service.com/status', 'https://example.com'];
const CURL_TIMEOUT_MS = 20_000;

/** Shows the gateway at work with the policy of this folder; `yes` if everything went as the policy says. */
export async function demo(args: readonly string[]): Promise<ExitCode> {
  try {
    const options = parseOptions(args);
    if (!options.help) return await play(options.keep, (log) => startScene({ ...options, urls: URLS, log }));
    print(USAGE);
    return EXIT.yes;
  } catch (error) {
    return reportError(error);
  }
}

async function play(keep: boolean, start: (log: (line: string) => void) => Promise<Scene>): Promise<ExitCode> {
  const forget = endOnSignal();
  const log = new LogBook();
  let onLine = log.line;
  const scene = await start((line) => onLine(line));
  try {
    const asked: Asked[] = [];
    for (const url of URLS) asked.push(await askAloud(url, scene, log));
    print(`\n${resultTable(asked)}\n`);
    const good = asked.filter(({ ok }) => ok).length;
    print(`${good} of ${asked.length} requests went as the policy says; names asked of DNS: ${scene.dnsQuestions()}.`);
    const sealed = await proveExample(scene.policy.mode, join(temporaryFolder(), 'cdktf.out'));
    if (!keep) return good === asked.length && sealed ? EXIT.yes : EXIT.no;
    const output = new DecisionOutput();
    onLine = output.line;
    forget();
    return await keepOpen(scene.gateway, output, scene);
  } finally {
    await scene.close();
  }
}

async function askAloud(url: string, scene: Scene, log: LogBook): Promise<Asked> {
  const { proxy, policy, workload, caFile, folder } = scene;
  print(`\n$ curl -v -x ${proxy} ${url}`);
  const asked = await ask(url, { policy, workload, log, proxy, caFile, home: folder, timeoutMs: CURL_TIMEOUT_MS });
  for (const line of relevantLines(asked.result)) print(`  ${line}`);
  return asked;
}

function keepOpen(gateway: Gateway, output: DecisionOutput, { proxy, caFile }: Scene): Promise<ExitCode> {
  const wish = untilSignal();
  const commands = [`CURL_CA_BUNDLE=${caFile} curl -v -x ${proxy} ${URLS[0]}`, `curl -v -x ${proxy} ${URLS[1]}`];
  progress(`\nThe gateway goes on; Ctrl-C ends it. In another terminal:\n\n  ${commands.join('\n  ')}\n`);
  return serve(gateway, output, wish);
}
