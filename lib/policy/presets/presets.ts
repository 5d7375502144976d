/** A host of a preset, and who says that the service is there. */
export interface PresetHost {
  /** An exact, normalised name; it is reached by TLS on port 443. */
  readonly host: string;
  /** A page of the service's owner, or source that the owner publishes, that names the host. */
  readonly source: string;
  /** The day on which the source was looked at, `YYYY-MM-DD`. */
  readonly date: string;
}

/** Hosts of one service, under a name that a policy can write as `preset: NAME`. */
export interface Preset {
  readonly name: string;
  readonly kind: 'model provider' | 'code host' | 'package registry' | 'chat' | 'search';
  /** What works with these hosts, and what needs others. */
  readonly what: string;
  readonly hosts: readonly PresetHost[];
}

const DATE = '2026-11-26';

/**
 * The services that MCP servers use most. None is in force unless a policy names it. A host is here only with a source; hosts that a
 * service makes per customer, wildcards and content networks are not. A change here changes what policies mean that name the preset.
 */
export const PRESETS: readonly Preset[] = [
  preset('anthropic', 'model provider', 'the Claude API', {
    'api.anthropic.com': 'https://platform.claude.com/docs/en/api/overview',
  }),
  preset('bitbucket', 'code host', 'the REST API of Bitbucket Cloud; not cloning', {
    'api.bitbucket.org': 'https://confluence.atlassian.com/bitbucket/use-the-bitbucket-rest-apis-222724129.html',
  }),
  preset('brave-search', 'search', 'the Brave Search API', {
    'api.search.brave.com':
      'https://github.com/brave/brave-search-mcp-server/blob/0d9355e5882cf1bc8af0de9b065839353bce29a2/src/BraveAPI/index.ts',
  }),
  preset(
    'crates',
    'package registry',
    'cargo with the sparse index: looking up and downloading crates; not publishing',
    {
      'index.crates.io': 'https://index.crates.io/',
      'static.crates.io': 'https://github.com/rust-lang/crates.io/discussions/7759',
    },
  ),
  preset(
    'github',
    'code host',
    'the REST and GraphQL API, cloning and pushing by HTTPS, archives; not gists, release files or packages',
    {
      'api.github.com': 'https://docs.github.com/en/actions/concepts/runners/communicating-with-self-hosted-runners',
      'codeload.github.com':
        'https://docs.github.com/en/actions/concepts/runners/communicating-with-self-hosted-runners',
      'github.com': 'https://docs.github.com/en/actions/concepts/runners/communicating-with-self-hosted-runners',
    },
  ),
  preset('gitlab', 'code host', 'GitLab.com: the API, and cloning and pushing by HTTPS; not its container registry', {
    'gitlab.com': 'https://docs.gitlab.com/api/rest',
  }),
  preset(
    'go',
    'package registry',
    'the module mirror and the checksum database; not modules that are fetched directly',
    {
      'proxy.golang.org': 'https://github.com/golang/go/blob/35268a996052ca8716caf94467c2ed61140f3862/go.env',
      'sum.golang.org': 'https://github.com/golang/go/blob/35268a996052ca8716caf94467c2ed61140f3862/go.env',
    },
  ),
  preset('google-gemini', 'model provider', 'the Gemini API of Google AI; not Vertex AI', {
    'generativelanguage.googleapis.com': 'https://ai.google.dev/api',
  }),
  preset('maven', 'package registry', 'Maven Central for Maven and Gradle; not publishing', {
    'repo.maven.apache.org': 'https://maven.apache.org/ref/current/maven-model-builder/super-pom.html',
    'repo1.maven.org': 'https://central.sonatype.org/consume/consume-apache-maven',
  }),
  preset('mistral', 'model provider', 'the Mistral API', {
    'api.mistral.ai':
      'https://github.com/mistralai/client-python/blob/03d53049b10b5a3ddcb3d105fc589b38d305aae6/src/mistralai/sdkconfiguration.py',
  }),
  preset('npm', 'package registry', 'the public npm registry, publishing as well', {
    'registry.npmjs.org':
      'https://github.com/npm/cli/blob/24e57de2eb3bd301fe4a5078a0aec784e7882e0d/docs/lib/content/using-npm/registry.md',
  }),
  preset('openai', 'model provider', 'the OpenAI API; not ChatGPT', {
    'api.openai.com':
      'https://github.com/openai/openai-node/blob/00a3f99d4134d5826e27827809fe36daeed2798a/src/index.ts',
  }),
  preset('pypi', 'package registry', 'pip: looking up and downloading packages; not publishing', {
    'files.pythonhosted.org':
      'https://github.com/pypa/pip/blob/0527f8053147971623b2f55626d51c49c3a85a64/src/pip/_internal/models/index.py',
    'pypi.org':
      'https://github.com/pypa/pip/blob/0527f8053147971623b2f55626d51c49c3a85a64/src/pip/_internal/models/index.py',
  }),
  preset('slack', 'chat', 'the Web API; not Socket Mode, files or incoming webhooks', {
    'slack.com': 'https://docs.slack.dev/apis/web-api',
  }),
  preset('tavily', 'search', 'the Tavily API', {
    'api.tavily.com': 'https://docs.tavily.com/api-reference/introduction',
  }),
];

/** The preset of a name, or undefined. */
export function findPreset(name: string): Preset | undefined {
  return PRESETS.find((each) => each.name === name);
}

function preset(name: string, kind: Preset['kind'], what: string, hosts: Readonly<Record<string, string>>): Preset {
  return { name, kind, what, hosts: Object.entries(hosts).map(([host, source]) => ({ host, source, date: DATE })) };
}
