/** What a client is told about its proxy. */
export interface ProxyFacts {
  /** `http://gateway.mcp.internal:10000` */
  readonly proxyUrl: string;
  /** Hosts that are reached directly, in the form of NO_PROXY: names, and suffixes with a leading dot. */
  readonly direct: readonly string[];
}

/** Loopback, and the addresses at which ECS serves credentials and metadata: the same in every task. */
const ALWAYS_DIRECT = ['localhost', '127.0.0.1', '169.254.169.254', '169.254.170.2'];

/**
 * The proxy in every spelling that a runtime may look for: curl and Python read lower case, Go and most SDKs upper case, Node from 24
 * (22.21) on needs `NODE_USE_ENV_PROXY`, Java wants system properties, OpenClaw a variable of its own.
 *
 * @returns variables by name, sorted
 */
export function proxyEnvironment({ proxyUrl, direct }: ProxyFacts): Record<string, string> {
  const noProxy = [...new Set([...ALWAYS_DIRECT, ...direct])].join(',');
  const variables: Record<string, string> = {
    HTTP_PROXY: proxyUrl,
    HTTPS_PROXY: proxyUrl,
    http_proxy: proxyUrl,
    https_proxy: proxyUrl,
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    NODE_USE_ENV_PROXY: '1',
    OPENCLAW_PROXY_URL: proxyUrl,
    JAVA_TOOL_OPTIONS: javaOptions(proxyUrl, [...new Set([...ALWAYS_DIRECT, ...direct])]),
  };
  return Object.fromEntries(
    Object.keys(variables)
      .sort()
      .map((name) => [name, variables[name] ?? '']),
  );
}

/** Java's own words (`java.net`, "Networking Properties"): patterns joined by `|`, a suffix as `*.suffix`. */
function javaOptions(proxyUrl: string, direct: readonly string[]): string {
  const [, host = '', port = ''] = /^[a-z]+:\/\/(.*):(\d+)$/.exec(proxyUrl) ?? [];
  const patterns = direct.map((name) => (name.startsWith('.') ? `*${name}` : name)).join('|');
  return [
    `-Dhttp.proxyHost=${host}`,
    `-Dhttp.proxyPort=${port}`,
    `-Dhttps.proxyHost=${host}`,
    `-Dhttps.proxyPort=${port}`,
    `-Dhttp.nonProxyHosts=${patterns}`,
  ].join(' ');
}
