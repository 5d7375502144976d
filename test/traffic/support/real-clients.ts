import { execFile } from 'node:child_process';
import http from 'node:http';
import https from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { ProxyAgent, request } from 'undici';
import WebSocket, { type ClientOptions } from 'ws';

/** What a program ended with. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const TIMEOUT_MS = 20_000;

/** Runs a program with only the given environment (and PATH), so that no proxy setting of the machine leaks in. */
export function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env.PATH, ...env }, timeout: TIMEOUT_MS };
    execFile(program, [...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, stdout, stderr });
    });
  });
}

/** Python's own HTTP client through `HTTPS_PROXY`/`HTTP_PROXY`: prints the status and the body of one GET. */
export function pythonGet(url: string, proxy: string, caFile: string): Promise<Ended> {
  const script = [
    'import sys, urllib.request, urllib.error',
    'try:',
    '    reply = urllib.request.urlopen(sys.argv[1], timeout=10)',
    'except urllib.error.HTTPError as error:',
    '    reply = error',
    'print(reply.status, reply.read().decode())',
  ].join('\n');
  return run('python3', ['-c', script, url], { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, SSL_CERT_FILE: caFile });
}

export interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Node's `http` module with an absolute-form target, as programs without an agent do it. */
export function nodeHttpGet(url: string, proxyPort: number): Promise<Got> {
  return collect(http.request({ host: '127.0.0.1', port: proxyPort, path: url, headers: { host: new URL(url).host } }));
}

/** Node's `https` module with the agent that most packages use for `HTTPS_PROXY`; a refused CONNECT comes back as its reply. */
export function nodeHttpsGet(url: string, proxy: string, ca: string): Promise<Got> {
  const agent = new HttpsProxyAgent(proxy);
  return collect(https.request(url, { ca, agent })).finally(() => agent.destroy());
}

/** Opens a WebSocket, sends one text and gives back the echo; `agent` for one through a tunnel. */
export function webSocketEcho(url: string, text: string, options: ClientOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options);
    socket.on('error', reject);
    socket.on('unexpected-response', (_request, response) => reject(new Error(`status ${response.statusCode}`)));
    socket.on('open', () => socket.send(text));
    socket.on('message', (data: Buffer) => {
      socket.terminate();
      resolve(data.toString());
    });
  });
}

function collect(message: http.ClientRequest): Promise<Got> {
  return new Promise((resolve, reject) => {
    message.on('error', reject);
    message.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    message.end();
  });
}

/** undici's `ProxyAgent`, which opens a tunnel for http:// targets too. */
export async function undiciGet(url: string, proxy: string, ca: string): Promise<Got> {
  const dispatcher = new ProxyAgent({ uri: proxy, requestTls: { ca } });
  try {
    const { statusCode, headers, body } = await request(url, { dispatcher });
    return { status: statusCode, headers, body: await body.text() };
  } finally {
    await dispatcher.close();
  }
}
