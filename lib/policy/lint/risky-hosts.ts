/** Hosts that a rule may name but that deserve a second look. */
export interface RiskyHosts {
  /** Why, as the end of a sentence that begins with the host. */
  readonly why: string;
  /** Names; each stands for itself and for everything below it. */
  readonly names: readonly string[];
}

/**
 * Domains below which many owners have names, although the public suffix list does not hold them (what it holds is an error
 * already). A wildcard on one of them opens the names of strangers.
 */
export const SHARED_HOSTING: readonly RiskyHosts[] = [
  {
    why: 'holds the buckets, functions and APIs of every customer of a cloud',
    names: [
      'amazonaws.com',
      'on.aws',
      'amazoncognito.com',
      'windows.net',
      'azure.com',
      'azurecontainerapps.io',
      'googleusercontent.com',
      'firebaseio.com',
      'oraclecloud.com',
      'aliyuncs.com',
      'myqcloud.com',
      'appdomain.cloud',
      'scw.cloud',
      'ovh.net',
    ],
  },
  {
    why: 'serves the files of every customer of a content network or an object store',
    names: [
      'fastly.net',
      'b-cdn.net',
      'cdn77.org',
      'kxcdn.com',
      'stackpathcdn.com',
      'backblazeb2.com',
      'wasabisys.com',
      'r2.cloudflarestorage.com',
      'dropboxusercontent.com',
      'discordapp.com',
    ],
  },
  {
    why: 'holds the sites and tenants of every customer of a hosted product',
    names: [
      'atlassian.net',
      'force.com',
      'glitch.me',
      'kinsta.app',
      'railway.app',
      'salesforce.com',
      'sharepoint.com',
      'slack.com',
      'snowflakecomputing.com',
      'squarespace.com',
      'substack.com',
      'tumblr.com',
      'weebly.com',
      'wordpress.com',
      'zendesk.com',
    ],
  },
  {
    why: 'resolves to whatever address or tunnel the one who writes the name chooses',
    names: ['nip.io', 'sslip.io', 'xip.io', 'loca.lt', 'serveo.net'],
  },
];

/** Hosts to which anybody can send data, or from which anybody can read what was sent: a way out for what an agent knows. */
export const ACCEPTS_UPLOADS: readonly RiskyHosts[] = [
  {
    why: 'stores text or files that anybody posts',
    names: [
      '0x0.st',
      'anonfiles.com',
      'api.anonfiles.com',
      'bashupload.com',
      'catbox.moe',
      'dpaste.com',
      'dpaste.org',
      'file.io',
      'filebin.net',
      'gist.github.com',
      'gist.githubusercontent.com',
      'gofile.io',
      'hastebin.com',
      'ix.io',
      'oshi.at',
      'paste.ee',
      'paste.rs',
      'pastebin.com',
      'rentry.co',
      'sprunge.us',
      'temp.sh',
      'termbin.com',
      'tmpfiles.org',
      'transfer.sh',
      'wetransfer.com',
    ],
  },
  {
    why: 'shows the requests it gets to whoever set it up',
    names: [
      'beeceptor.com',
      'burpcollaborator.net',
      'canarytokens.com',
      'httpbin.org',
      'interact.sh',
      'mockbin.org',
      'oast.fun',
      'oast.live',
      'oast.me',
      'oast.online',
      'oast.pro',
      'oast.site',
      'oastify.com',
      'pipedream.net',
      'requestbin.com',
      'requestbin.net',
      'webhook.site',
    ],
  },
  {
    why: 'delivers messages to accounts that anybody can open',
    names: ['api.telegram.org', 'discord.com', 'hooks.slack.com', 'ntfy.sh'],
  },
];

/** Public resolvers that answer DNS over HTTPS (RFC 8484): questions through them carry data past the gateway's own DNS. */
export const DNS_OVER_HTTPS: readonly RiskyHosts[] = [
  {
    why: 'answers DNS over HTTPS, through which names that no rule allows can be asked and data can leave',
    names: [
      'chrome.cloudflare-dns.com',
      'cloudflare-dns.com',
      'dns.adguard-dns.com',
      'dns.alidns.com',
      'dns.google',
      'dns.nextdns.io',
      'dns.quad9.net',
      'dns.sb',
      'dns10.quad9.net',
      'dns11.quad9.net',
      'dns9.quad9.net',
      'doh.cleanbrowsing.org',
      'doh.dns.sb',
      'doh.opendns.com',
      'doh.pub',
      'mozilla.cloudflare-dns.com',
      'one.one.one.one',
      'security.cloudflare-dns.com',
    ],
  },
];

/** The list entry that a host of a rule is or lies below; for a wildcard also one that it covers. */
export function findRisk(lists: readonly RiskyHosts[], host: string): { name: string; why: string } | undefined {
  const name = host.replace(/^\*\./, '');
  const isWildcard = host !== name;
  for (const { names, why } of lists) {
    const found = names.find((risky) => isBelow(name, risky) || (isWildcard && isBelow(risky, name)));
    if (found !== undefined) return { name: found, why };
  }
  return undefined;
}

function isBelow(name: string, parent: string): boolean {
  return name === parent || name.endsWith(`.${parent}`);
}
