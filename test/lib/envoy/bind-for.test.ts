import { compile, CompileOptionError } from '../../../lib/envoy/compile';
import { listenAddresses } from '../../../lib/gateway/listen-addresses';
import { EgressPolicy } from '../../../lib/policy';

const policy = (rule: object): EgressPolicy =>
  EgressPolicy.fromObject({
    version: 1,
    workloads: { a: { port: 10000, allow: [rule] }, b: { port: 10001, allow: [] } },
  });
const OPTIONS = { bind: '127.0.0.1', bindFor: { a: '10.0.0.2' } };

test('a workload has an address of its own; others and health checks have the common one', () => {
  const found = listenAddresses(compile(policy({ host: 'x.example.com' }), OPTIONS));
  expect(found.map(({ address, port }) => `${address}:${port}`).sort()).toEqual([
    '10.0.0.2:10000',
    '127.0.0.1:10001',
    '127.0.0.1:9900',
  ]);
});

test("such an address is the gateway's own: no rule leads to it", () => {
  const rule = { host: 'x.example.com', protocol: 'http', ports: [10000], private: ['10.0.0.0/24'] };
  expect(() => compile(policy(rule), OPTIONS)).toThrow(/10000/);
  expect(() => compile(policy(rule), { bind: '127.0.0.1' })).not.toThrow();
});

test('a name that is no workload is an error', () => {
  const bindFor = { c: '10.0.0.2' };
  const failing = (): unknown => compile(policy({ host: 'x.example.com' }), { bindFor });
  expect(failing).toThrow(CompileOptionError);
  expect(failing).toThrow('bindFor names what is no workload of the policy: c; use a, b');
});
