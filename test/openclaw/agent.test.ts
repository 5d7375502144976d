import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PUBLIC_V4, useBench } from '../traffic/support/bench';
import { exampleEnvironment } from './support/example-environment';
import { FOUND, McpServer } from './support/mcp-server';
import { ModelProvider } from './support/model-provider';
import { describeWithOpenClaw, useOpenClaw } from './support/openclaw';

/** The example's own policy: its agent reaches api.anthropic.com and nothing else. */
const POLICY = readFileSync(join(__dirname, '../../examples/openclaw/egress.yaml'), 'utf8');
const TOOL_ADDRESS = '10.0.3.7';

const config = (modelHost: string): string =>
  JSON.stringify({
    models: {
      providers: {
        anthropic: {
          baseUrl: `https://${modelHost}`,
          api: 'anthropic-messages',
          apiKey: 'a-key',
          models: [{ id: 'stand-in', name: 'stand-in', input: ['text'], contextWindow: 128_000, maxTokens: 4096 }],
        },
      },
    },
    agents: { defaults: { model: { primary: 'anthropic/stand-in' } } },
    mcp: { servers: { search: { url: 'http://web-search.mcp.internal:8080/mcp', transport: 'streamable-http' } } },
    tools: { toolSearch: false },
  });

describeWithOpenClaw('an agent of OpenClaw with the policy and the variables of examples/openclaw', () => {
  const bench = useBench(POLICY, {
    names: {
      'api.anthropic.com': [PUBLIC_V4],
      'example.com': [PUBLIC_V4],
      'web-search.mcp.internal': [TOOL_ADDRESS],
      'gateway.mcp.internal': ['127.0.0.1'],
    },
    ports: { 80: 'http' },
  });
  const openclaw = useOpenClaw();
  const tool = new McpServer();
  let model: ModelProvider;
  let environment: Record<string, string>;
  jest.setTimeout(300_000);

  beforeAll(async () => {
    model = new ModelProvider(bench.certificates);
    await Promise.all([model.listen(PUBLIC_V4), tool.listen(8080, TOOL_ADDRESS)]);
    environment = await exampleEnvironment();
  }, 60_000);
  beforeEach(() => [bench.log, model, tool].forEach((each) => each.forget()));
  afterAll(() => Promise.all([model?.close(), tool.close()]));

  interface Turn {
    readonly ok: boolean;
    readonly final?: string;
    readonly stderr: string;
    /** What the gateway decided, each once: authority, decision, reason. */
    readonly decisions: readonly string[];
  }

  /** One turn of the agent, started as ECS would start it. */
  async function turn(modelHost: string, env: Readonly<Record<string, string>> = {}, seconds = 120): Promise<Turn> {
    const file = openclaw.write('config.json', config(modelHost));
    const ca = { NODE_EXTRA_CA_CERTS: bench.certificates.caFile };
    const args = ['agent', 'exec', 'Look it up.', '--config', file, '--json', '--timeout', `${seconds}`];
    const { code, stdout, stderr } = await openclaw.run(args, { ...environment, ...ca, ...env });
    if (!stdout.startsWith('{')) throw new Error(`no result, but ${JSON.stringify({ code, stdout, stderr })}`);
    const { ok, final } = JSON.parse(stdout) as { ok: boolean; final?: string };
    const decided = bench.log.lines.filter(({ decision }) => decision !== 'pending');
    const decisions = decided.map(({ authority, decision, reason }) => `${authority} ${decision} ${reason}`);
    return { ok, final, stderr, decisions: [...new Set(decisions)].sort() };
  }

  it('reaches its model through the gateway and its MCP server directly', async () => {
    const { ok, final, decisions } = await turn('api.anthropic.com');
    expect(final).toContain(FOUND);
    expect(ok).toBe(true);
    expect(tool.called).toEqual(['initialize', 'notifications/initialized', 'tools/list', 'tools/call']);
    expect(model.heard).toEqual(['POST /v1/messages', 'POST /v1/messages']);
    expect(decisions).toEqual(['api.anthropic.com:443 allowed rule']);
  });

  it('with OPENCLAW_PROXY_URL sends the calls to its MCP server to the gateway too, whatever NO_PROXY says', async () => {
    const { final, stderr, decisions } = await turn('api.anthropic.com', {
      OPENCLAW_PROXY_URL: environment.HTTPS_PROXY ?? '',
    });
    expect(decisions).toEqual(['api.anthropic.com:443 allowed rule', 'web-search.mcp.internal:8080 denied no_rule']);
    expect(stderr).toContain('failed to start server "search"');
    expect(tool.called).toEqual([]);
    expect(final).not.toContain(FOUND);
  });

  describe('does not reach a model that the policy does not name', () => {
    /** OpenClaw tries again and again, for longer than a test should take. */
    const seconds = 45;

    async function refused(env: Readonly<Record<string, string>>): Promise<void> {
      const { ok, decisions } = await turn('example.com', env, seconds);
      expect(ok).toBe(false);
      expect(decisions).toContain('example.com:443 denied no_rule');
      expect(decisions.filter((line) => line.includes(' allowed '))).toEqual([]);
      expect(model.heard).toEqual([]);
    }

    it('with the variables of the example', () => refused({}));

    it('with OPENCLAW_PROXY_URL, and a NO_PROXY for everything', () =>
      refused({ OPENCLAW_PROXY_URL: environment.HTTPS_PROXY ?? '', NO_PROXY: '*', no_proxy: '*' }));
  });
});
