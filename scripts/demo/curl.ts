import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** What curl saw. */
export interface CurlResult {
  readonly exitCode: number | undefined;
  /** Status of the answer to CONNECT. */
  readonly connectStatus?: number;
  /** Status of the answer that came through the tunnel. */
  readonly status?: number;
  /** The gateway's id of a refusal, as in its log. */
  readonly id?: string;
  /** What curl wrote, `-v` lines first, then the body. */
  readonly lines: readonly string[];
}

export interface CurlOptions {
  /** PEM file with the CA of the stand-in; curl alone learns of it. */
  readonly caFile: string;
  /** A folder without a `.curlrc`. */
  readonly home: string;
  readonly timeoutMs: number;
}

/** Runs the real curl, without the proxy variables and the `.curlrc` of whoever runs this. */
export async function curl(args: readonly string[], { caFile, home, timeoutMs }: CurlOptions): Promise<CurlResult> {
  const env = { PATH: process.env['PATH'], HOME: home, CURL_HOME: home, CURL_CA_BUNDLE: caFile };
  const child = spawn('curl', args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
  const [stderr, body, [exitCode]] = await Promise.all([
    text(child.stderr),
    text(child.stdout),
    once(child, 'close') as Promise<[number | null]>,
  ]).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new Error('curl is not on PATH; install it and run npm start again.') : error;
  });
  const trace = withoutProgress(stderr);
  const statuses = [...trace.matchAll(/^< HTTP\/[\d.]+ (\d{3})/gm)].map(([, status]) => Number(status));
  const id = /^< x-egress-id: (\S+)/im.exec(trace)?.[1];
  const lines = [...trace.split(/\r?\n/), ...body.split(/\r?\n/)].filter((line) => line !== '');
  return { exitCode: exitCode ?? undefined, connectStatus: statuses[0], status: statuses[1], id, lines };
}

/** curl's progress meter ends without a line break, so that a line of `-v` may stand right behind its figures. */
export function withoutProgress(trace: string): string {
  return trace.replace(/^[ \d.kMGTP%:-]+(?=[<>*{}] )/gm, '');
}

/** The lines that tell the story: request lines, status lines, the reason, the certificate, the body and curl's last word. */
export function relevantLines({ lines }: CurlResult): string[] {
  return lines.filter((line) =>
    /^(> (CONNECT|GET) |< HTTP\/|< x-egress-reason|\* +(SSL certificate verify|subject:|issuer:)|curl: \(|\{(?! \[))/i.test(
      line,
    ),
  );
}
