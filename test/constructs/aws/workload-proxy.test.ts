import { WorkloadProxy } from '../../../constructs/aws/workload-proxy';
import { examplePolicy } from '../support/policies';

const [, webSearch] = examplePolicy().workloads;
if (!webSearch) throw new Error('the policy has two workloads');
const proxy = new WorkloadProxy(webSearch, 'gateway.mcp.internal', 'mcp.internal');

test('a workload is told its port, and its group is tagged', () => {
  expect(proxy.proxyUrl).toBe('http://gateway.mcp.internal:10000');
  expect([proxy.workload, proxy.port]).toEqual(['web-search', 10000]);
  expect(proxy.contractTags).toEqual({
    'mcp-egress:role': 'workload',
    'mcp-egress:workload': 'web-search',
    'mcp-egress:port': '10000',
  });
});

test('every spelling of the variables', () => {
  const noProxy = 'localhost,127.0.0.1,169.254.169.254,169.254.170.2,.mcp.internal,bedrock.example.com';
  expect(proxy.environment(['bedrock.example.com'])).toEqual({
    HTTP_PROXY: 'http://gateway.mcp.internal:10000',
    HTTPS_PROXY: 'http://gateway.mcp.internal:10000',
    http_proxy: 'http://gateway.mcp.internal:10000',
    https_proxy: 'http://gateway.mcp.internal:10000',
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    NODE_USE_ENV_PROXY: '1',
    OPENCLAW_PROXY_URL: 'http://gateway.mcp.internal:10000',
    JAVA_TOOL_OPTIONS:
      '-Dhttp.proxyHost=gateway.mcp.internal -Dhttp.proxyPort=10000 -Dhttps.proxyHost=gateway.mcp.internal -Dhttps.proxyPort=10000 -Dhttp.nonProxyHosts=localhost|127.0.0.1|169.254.169.254|169.254.170.2|*.mcp.internal|bedrock.example.com',
  });
});

test('without further names the zone and the task’s own addresses are direct', () => {
  expect(proxy.environment().NO_PROXY).toBe('localhost,127.0.0.1,169.254.169.254,169.254.170.2,.mcp.internal');
});
