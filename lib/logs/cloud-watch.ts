import type * as Sdk from '@aws-sdk/client-cloudwatch-logs';

/** Where in CloudWatch Logs the gateway writes. */
export interface CloudWatchSource {
  /** `/mcp-egress/mcp-egress/gateway` */
  readonly logGroup: string;
  /** @default - that of the environment or the profile, as the AWS CLI finds it */
  readonly region?: string;
  /** Events from this moment on. */
  readonly since: Date;
  /** Only what was or would be refused. */
  readonly deniedOnly?: boolean;
  /** Goes on asking for new events, until this says stop. @default - ends at the last one */
  readonly until?: AbortSignal;
}

/** CloudWatch cannot be asked, or says no; the message says what to do. */
export class CloudWatchError extends Error {
  override readonly name = 'CloudWatchError';
}

const POLL_MS = 2000;
/** Events come late; so far back they are asked for again. */
const LATE_MS = 60_000;
const DECIDED = '{ ($.decision = "allowed") || ($.decision = "denied") || ($.decision = "would_deny") }';
const REFUSED = '{ ($.decision = "denied") || ($.decision = "would_deny") }';

/**
 * The lines of a log group, in the order in which CloudWatch gives them (CloudWatch Logs API reference, `FilterLogEvents`).
 * @throws {CloudWatchError} no AWS SDK, no credentials, no such group, no right to read it
 */
export async function* cloudWatchLines(source: CloudWatchSource): AsyncGenerator<string> {
  const { CloudWatchLogsClient, FilterLogEventsCommand } = await loadSdk();
  const client = new CloudWatchLogsClient(source.region === undefined ? {} : { region: source.region });
  const seen = new Set<string>();
  let from = source.since.getTime();
  try {
    do {
      let latest = from;
      for await (const { eventId = '', message, timestamp = 0 } of events(
        client,
        FilterLogEventsCommand,
        source,
        from,
      )) {
        latest = Math.max(latest, timestamp);
        if (seen.has(eventId)) continue;
        if (source.until) seen.add(eventId);
        if (message !== undefined) yield message.replace(/\n$/, '');
      }
      from = Math.max(from, latest - LATE_MS);
    } while (await again(source.until));
  } catch (error) {
    throw toCloudWatchError(error, source);
  } finally {
    client.destroy();
  }
}

async function* events(
  client: Sdk.CloudWatchLogsClient,
  Command: typeof Sdk.FilterLogEventsCommand,
  { logGroup: logGroupName, deniedOnly, until: abortSignal }: CloudWatchSource,
  startTime: number,
) {
  let nextToken: string | undefined;
  do {
    const filterPattern = deniedOnly ? REFUSED : DECIDED;
    const page: Sdk.FilterLogEventsCommandOutput = await client.send(
      new Command({ logGroupName, startTime, filterPattern, nextToken }),
      { abortSignal },
    );
    yield* page.events ?? [];
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}

/** Waits for the next look; false when there is none. */
async function again(until: AbortSignal | undefined): Promise<boolean> {
  if (!until || until.aborted) return false;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, POLL_MS);
    until.addEventListener('abort', () => resolve(clearTimeout(timer)), { once: true });
  });
  return !until.aborted;
}

async function loadSdk(): Promise<typeof Sdk> {
  // Its advice on versions of Node is not about the log that was asked for.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  try {
    return await import('@aws-sdk/client-cloudwatch-logs');
  } catch {
    throw new CloudWatchError(
      'reading from CloudWatch needs the AWS SDK, which is not installed: npm install @aws-sdk/client-cloudwatch-logs; or pipe the lines: aws logs tail GROUP --format short | mcp-egress logs -',
    );
  }
}

/** What to do about the errors that users meet, by their names in AWS's API. */
const REMEDIES: Readonly<Record<string, string>> = {
  ResourceNotFoundException: 'there is no such log group in this account and region; look at --log-group and --region',
  AccessDeniedException: 'this identity may not read it; it needs logs:FilterLogEvents on the group',
  CredentialsProviderError: 'there are no AWS credentials; set AWS_PROFILE, or sign in with aws sso login',
  ExpiredTokenException: 'the AWS credentials have expired; sign in again',
  UnrecognizedClientException: 'AWS does not know these credentials; look at AWS_PROFILE',
};

function toCloudWatchError(error: unknown, { logGroup }: CloudWatchSource): unknown {
  if (!(error instanceof Error) || error instanceof CloudWatchError) return error;
  if (error.name === 'AbortError') return new CloudWatchError('stopped');
  const remedy =
    REMEDIES[error.name] ?? (/region/i.test(error.message) ? 'no region is set; write --region' : error.message);
  return new CloudWatchError(`log group ${JSON.stringify(logGroup)} cannot be read: ${remedy}.`);
}
