/** A block of addresses with a special meaning. */
export interface SpecialRange {
  /** Canonical CIDR. */
  readonly cidr: string;
  /** What the block is for, in a few words. */
  readonly what: string;
  /** Where that is laid down. */
  readonly source: string;
}

/** Addresses of instance metadata and of the host behind them: credentials live there, so no rule reaches them. */
export const METADATA_TABLE: readonly SpecialRange[] = [
  { cidr: '169.254.0.0/16', what: 'link-local, with AWS, GCP and Azure metadata', source: 'RFC 3927' },
  { cidr: 'fe80::/10', what: 'link-local', source: 'RFC 4291 section 2.5.6' },
  { cidr: 'fd00:ec2::/32', what: 'AWS metadata, DNS and time', source: 'AWS EC2 User Guide, IMDS over IPv6' },
  { cidr: 'fd20:ce::254/128', what: 'GCP metadata over IPv6', source: 'Google Cloud, "About VM metadata"' },
  {
    cidr: 'fd00:c1::a9fe:a9fe/128',
    what: 'Oracle Cloud metadata over IPv6',
    source: 'Oracle Cloud Python SDK, instance principals',
  },
  { cidr: 'fd00:42::42/128', what: 'Scaleway metadata over IPv6', source: 'cloud-init documentation, Scaleway' },
  {
    cidr: 'fd00:100::100:200/128',
    what: 'Alibaba Cloud metadata over IPv6',
    source: 'Alibaba Cloud ECS documentation',
  },
  {
    cidr: 'fd00:a9fe:a9fe::1/128',
    what: 'Akamai (Linode) metadata over IPv6',
    source: 'Akamai Cloud metadata documentation',
  },
  { cidr: '100.100.100.200/32', what: 'Alibaba Cloud metadata', source: 'Alibaba Cloud ECS documentation' },
  { cidr: '192.0.0.192/32', what: 'Oracle Cloud metadata', source: 'Oracle Cloud compute documentation' },
  {
    cidr: '168.63.129.16/32',
    what: 'Azure platform address',
    source: 'Microsoft Learn, "What is IP address 168.63.129.16"',
  },
];

/** IPv6 blocks whose addresses carry an IPv4 address: through them an IPv4 address could be reached under another spelling. */
export const EMBEDDING_TABLE: readonly SpecialRange[] = [
  { cidr: '::ffff:0:0/96', what: 'IPv4-mapped', source: 'RFC 4291 section 2.5.5.2' },
  { cidr: '::/96', what: 'IPv4-compatible', source: 'RFC 4291 section 2.5.5.1' },
  { cidr: '::ffff:0:0:0/96', what: 'IPv4-translated', source: 'RFC 2765 section 2.1' },
  { cidr: '64:ff9b::/96', what: 'NAT64', source: 'RFC 6052' },
  { cidr: '64:ff9b:1::/48', what: 'NAT64, local use', source: 'RFC 8215' },
  { cidr: '2001::/32', what: 'Teredo', source: 'RFC 4380' },
  { cidr: '2002::/16', what: '6to4', source: 'RFC 3056' },
];

const NOT_PUBLIC: readonly SpecialRange[] = [
  {
    cidr: '0.0.0.0/8',
    what: 'this network; a connection to it reaches the machine itself',
    source: 'RFC 791 section 3.2',
  },
  { cidr: '10.0.0.0/8', what: 'private', source: 'RFC 1918' },
  { cidr: '100.64.0.0/10', what: 'shared by carriers (CGNAT)', source: 'RFC 6598' },
  { cidr: '127.0.0.0/8', what: 'loopback', source: 'RFC 1122 section 3.2.1.3' },
  { cidr: '172.16.0.0/12', what: 'private', source: 'RFC 1918' },
  { cidr: '192.0.0.0/24', what: 'protocol assignments', source: 'RFC 6890' },
  { cidr: '192.0.2.0/24', what: 'documentation', source: 'RFC 5737' },
  { cidr: '192.88.99.0/24', what: '6to4 relays', source: 'RFC 7526' },
  { cidr: '192.168.0.0/16', what: 'private', source: 'RFC 1918' },
  { cidr: '198.18.0.0/15', what: 'benchmarking', source: 'RFC 2544' },
  { cidr: '198.51.100.0/24', what: 'documentation', source: 'RFC 5737' },
  { cidr: '203.0.113.0/24', what: 'documentation', source: 'RFC 5737' },
  { cidr: '224.0.0.0/4', what: 'multicast', source: 'RFC 5771' },
  { cidr: '240.0.0.0/4', what: 'reserved', source: 'RFC 1112 section 4' },
  { cidr: '255.255.255.255/32', what: 'broadcast', source: 'RFC 919' },
  { cidr: '::/128', what: 'unspecified', source: 'RFC 4291 section 2.5.2' },
  { cidr: '::1/128', what: 'loopback', source: 'RFC 4291 section 2.5.3' },
  { cidr: '100::/64', what: 'discard only', source: 'RFC 6666' },
  { cidr: '2001:2::/48', what: 'benchmarking', source: 'RFC 5180' },
  { cidr: '2001:20::/28', what: 'ORCHIDv2', source: 'RFC 7343' },
  { cidr: '2001:db8::/32', what: 'documentation', source: 'RFC 3849' },
  { cidr: '3fff::/20', what: 'documentation', source: 'RFC 9637' },
  { cidr: '5f00::/16', what: 'segment routing identifiers', source: 'RFC 9602' },
  { cidr: 'fc00::/7', what: 'unique local', source: 'RFC 4193' },
  { cidr: 'fec0::/10', what: 'site-local, deprecated', source: 'RFC 3879' },
  { cidr: 'ff00::/8', what: 'multicast', source: 'RFC 4291 section 2.7' },
];

/** Everything that a rule without `private` never reaches, with the reason of each. */
export const PUBLIC_DENIED_TABLE: readonly SpecialRange[] = [...NOT_PUBLIC, ...EMBEDDING_TABLE, ...METADATA_TABLE];

/** The blocks of {@link METADATA_TABLE}: no rule reaches them, `private` or not. */
export const METADATA_RANGES: readonly string[] = Object.freeze(METADATA_TABLE.map((range) => range.cidr));

/** The blocks of {@link PUBLIC_DENIED_TABLE}: answers in them are dropped for every rule without `private`. */
export const PUBLIC_DENIED_RANGES: readonly string[] = Object.freeze(PUBLIC_DENIED_TABLE.map((range) => range.cidr));

/** The blocks whose addresses reach the machine itself: loopback, and the unspecified ones, which Linux sends to loopback. */
export const LOOPBACK_RANGES: readonly string[] = ['127.0.0.0/8', '0.0.0.0/8', '::1/128', '::/128'];
