import { accessLog, celFilter } from '../../../lib/envoy/access-log';
import { compile } from '../../../lib/envoy/compile';
import type { CompiledConfig, ConfigObject } from '../../../lib/envoy/resources';
import { REASONS } from '../../../lib/policy/reasons';
import { complete, HTTP, TCP, TLS } from './support/policies';
import {
  at,
  chainOf,
  compiled,
  everything,
  filtersOf,
  guardOf,
  managers,
  named,
  objects,
  routeFor,
  texts,
  valuesOf,
} from './support/reading';

const FIELDS =
  `time layer id workload rule decision reason method authority sni upstream status bytes_sent bytes_received
  duration_ms`.split(/\s+/);

type Line = Record<string, string> & { readonly decision: string; readonly reason: string };

/** The log lines that a config can write. */
function lines(value: ConfigObject | readonly ConfigObject[]): Line[] {
  const formats = valuesOf(value as ConfigObject, 'log_format').map((each) => at(each, 'json_format') as Line);
  expect(formats.length).toBeGreaterThan(0);
  return formats;
}

/** The words that a format can become: itself, or the results of its conditions. */
function results(format: string): string[] {
  if (!format.includes('%')) return [format];
  return [...format.matchAll(/(?:\? |: |CEL\()'([a-z_]+)'(?= : |\)%)/g)].map(([, word]) => word ?? '');
}

const MODES = ['enforce', 'observe'] as const;

describe.each(MODES)('the lines, mode %s', (mode) => {
  const config = compile(complete(mode));
  const all = lines(everything(config));

  test('have the fields of the contract and no other', () => {
    for (const line of all) expect(FIELDS).toEqual(expect.arrayContaining(Object.keys(line)));
    const without = all.flatMap((line) => FIELDS.filter((field) => line[field] === undefined));
    expect(new Set(without)).toEqual(new Set(mode === 'observe' ? ['rule'] : [])); // tunnels of hosts that no rule names
  });

  test('name their layer and workload', () => {
    expect(new Set(all.map(({ layer }) => layer))).toEqual(new Set(['request', 'tunnel']));
    expect(new Set(all.map(({ workload }) => workload))).toEqual(new Set(['web', 'local']));
  });

  test('decide between the words of the contract', () => {
    const decisions = new Set(all.flatMap(({ decision }) => results(decision)));
    const expected = ['allowed', 'denied', 'pending', ...(mode === 'observe' ? ['would_deny'] : [])];
    expect([...decisions].sort()).toEqual(expected);
    const reasons = new Set(all.flatMap(({ reason }) => results(reason)));
    expect(Object.keys(REASONS)).toEqual(expect.arrayContaining([...reasons]));
    expect(reasons.size).toBeGreaterThan(5);
  });

  test('have no path, no query, no credential and no other header', () => {
    const formats = valuesOf(everything(config), 'json_format').flatMap((each) => texts(each));
    const operators = formats.flatMap((text) => [...text.matchAll(/%([A-Z_]+)(?:\(([^)%]*)\))?%/g)]);
    const headers = operators
      .filter(([, name]) => /^(REQ|RESP|TRAILER)(_|$)/.test(name ?? ''))
      .map(([, , header]) => header);
    expect(new Set(headers)).toEqual(new Set([':METHOD', ':AUTHORITY', 'X-EGRESS-REASON', 'X-EGRESS-ID']));
    expect(operators.map(([, name]) => name).join()).not.toMatch(/PATH|QUERY|COOKIE|BODY/);
    for (const line of all) expect(texts(line).join()).not.toMatch(/path|query|cookie|authorization|request\./i);
  });

  test('are written by every way out: each manager and each proxy has a log', () => {
    const health = named(config.listeners, 'health');
    const rest = config.listeners.filter((each) => each !== health);
    const proxies = [...objects(rest)].filter((each) => String(each['@type'] as string).endsWith('v3.TcpProxy'));
    for (const each of [...managers(rest), ...proxies]) expect(each.access_log).not.toEqual([]);
    expect([...managers(rest), ...proxies].length).toBeGreaterThan(5);
    expect(managers(health)[0]).not.toHaveProperty('access_log');
  });
});

describe('what is written', () => {
  const config = compiled([TLS, HTTP, TCP]);
  const logsOf = (host: string, kind: string, from: CompiledConfig = config) =>
    lines(chainOf(from, routeFor(from, host, kind)));

  test('a TLS tunnel: the SNI, the address and the dialling decide, in this order', () => {
    const [line, ...others] = logsOf(TLS.host, 'tls/');
    expect(others).toEqual([]);
    expect(line).toMatchObject({ layer: 'tunnel', rule: 'a.example.com:443', workload: 'web' });
    expect(results(line?.reason ?? '')).toEqual(['sni_mismatch', 'no_address', 'unreachable', 'rule', 'rule']);
    expect(results(line?.decision ?? '')).toEqual(['denied', 'denied', 'allowed', 'allowed', 'pending']);
  });

  test('a tunnel that no chain takes: the reason of the chain, and the rule of the CONNECT', () => {
    const guard = guardOf(config, routeFor(config, TLS.host, 'tls/'));
    for (const reason of ['not_tls', 'no_rule']) {
      const [line] = lines(filtersOf(guard, `refuse.${reason}`));
      const facts = { layer: 'tunnel', decision: 'denied', reason, rule: '%FILTER_STATE(egress.rule:PLAIN)%' };
      expect(line).toMatchObject(facts);
    }
  });

  test.each([
    ['tls/', TLS.host, 'not_tls'],
    ['http/', HTTP.host, 'not_http'],
  ])('a tunnel that ends before it can be read, %s', (kind, host, reason) => {
    const log = guardOf(config, routeFor(config, host, kind)).access_log as ConfigObject[];
    expect(lines(log)).toEqual([expect.objectContaining({ layer: 'tunnel', decision: 'denied', reason })]);
    expect(valuesOf(log, 'expression')).toEqual(["xds.filter_chain_name == ''"]);
  });

  test('lines of one request share its id: at the edge, behind it and in the tunnel', () => {
    const ids = (value: ConfigObject[]) => new Set(lines(value).map(({ id }) => id));
    const edge = '%FILTER_STATE(egress.id:PLAIN)%';
    const tunnel = '%FILTER_STATE(egress.tunnel:PLAIN)%';
    // A reply of the edge's own carries an id, also where Envoy answers before any filter could make one.
    expect(ids([named(config.listeners, 'edge.web')])).toEqual(new Set([edge, '%RESP(X-EGRESS-ID)%']));
    expect(ids(chainOf(config, routeFor(config, HTTP.host, 'forward/')))).toEqual(new Set([edge]));
    expect(ids(chainOf(config, routeFor(config, HTTP.host, 'http/')))).toEqual(new Set([tunnel]));
    expect(ids(chainOf(config, routeFor(config, TLS.host, 'tls/')))).toEqual(new Set([tunnel]));
  });

  test('a request in a tunnel has the authority of its CONNECT, not the one it claims', () => {
    expect(logsOf(HTTP.host, 'http/')[0]?.authority).toBe('%FILTER_STATE(egress.authority:PLAIN)%');
    expect(logsOf(HTTP.host, 'forward/')[0]?.authority).toBe('%REQ(:AUTHORITY)%');
  });

  test('the edge writes its refusals, and `pending` for CONNECTs that a guard decides, when they open', () => {
    const [manager] = managers(named(config.listeners, 'edge.web'));
    const logs = manager?.access_log as ConfigObject[];
    expect(lines(logs).map(({ decision }) => decision)).toEqual([expect.stringContaining("'denied'"), 'pending']);
    expect(manager?.access_log_options).toEqual({ flush_log_on_tunnel_successfully_established: true });
    expect(valuesOf(logs[1], 'types')).toEqual([['DownstreamTunnelSuccessfullyEstablished']]);
    expect(valuesOf(logs[1], 'expression')).toEqual(["'egress.tunnel' in filter_state"]);
    // What a guard refused came back through the edge, and what reached a guard is in the guard's own line.
    const own = "'x-egress-reason' in response.headers && response.code_details != 'via_upstream'";
    expect(valuesOf(logs[0], 'expression')).toEqual([`${own} && !(has(upstream.address))`]);
  });

  test('the gate refuses like the edge: with a line, unless a listener behind it has the request', () => {
    const limited = compiled([TLS, HTTP, TCP], { limits: { connections: 5 } });
    for (const name of ['edge.web', 'gate.web']) {
      const [manager] = managers(named(limited.listeners, name));
      const [refusals] = manager?.access_log as ConfigObject[];
      expect(valuesOf(refusals, 'expression')).toEqual([expect.stringMatching(/ && !\(has\(upstream\.address\)\)$/)]);
    }
  });

  test.each([
    ['http/', HTTP.host],
    ['forward/', HTTP.host],
    ['forward/', TCP.host],
  ])('a guard writes a line once there was a response or a server was dialled: %s, %s', (kind, host) => {
    for (const from of [config, compiled([TLS, HTTP, TCP], { mode: 'observe' })]) {
      const chain = chainOf(from, routeFor(from, host, kind));
      const logs = managers(chain).flatMap((manager) => manager.access_log as ConfigObject[]);
      expect(logs).toHaveLength(1);
      expect(valuesOf(logs, 'expression')).toEqual(['has(response.code) || has(upstream.address)']);
    }
  });

  test('once a server was dialled the route’s decision counts, whatever became of the answer', () => {
    const header = "response.headers['x-egress-reason']";
    const replied = "'x-egress-reason' in response.headers";
    const refused = `${replied} && ${header} != 'unreachable' && !(has(upstream.address))`;
    const routed = (field: string) => `xds.route_metadata.filter_metadata['egress']['${field}']`;
    const unanswered = `${replied} && ${header} == 'unreachable' && ${routed('decision')} == 'allowed'`;
    for (const kind of ['http/', 'forward/']) {
      const [line] = logsOf(HTTP.host, kind);
      expect(line?.decision).toBe(`%CEL((${refused}) ? 'denied' : ${routed('decision')})%`);
      expect(line?.reason).toBe(
        `%CEL((${refused}) ? ${header} : (${unanswered}) ? 'unreachable' : ${routed('reason')})%`,
      );
    }
  });
});

describe('accessLog', () => {
  const line = { layer: 'tunnel', id: 'i', workload: 'web', decision: 'denied', reason: 'not_tls' } as const;

  test('goes to standard output, or to a file', () => {
    const typeOf = (each: ConfigObject) => at(each, 'typed_config', '@type');
    expect(accessLog({}, line).name).toBe('envoy.access_loggers.stdout');
    expect(typeOf(accessLog({}, line))).toMatch(/StdoutAccessLog$/);
    const file = accessLog({ file: '/var/log/egress.log' }, line);
    expect(file.name).toBe('envoy.access_loggers.file');
    expect(at(file, 'typed_config', 'path')).toBe('/var/log/egress.log');
    expect(at(file, 'typed_config', 'log_format')).toEqual(at(accessLog({}, line), 'typed_config', 'log_format'));
  });

  test('leaves the rule out where there is none, and takes a filter', () => {
    expect(lines(accessLog({}, line))[0]).not.toHaveProperty('rule');
    expect(lines(accessLog({}, { ...line, rule: 'r' }))[0]?.rule).toBe('r');
    expect(accessLog({}, line)).not.toHaveProperty('filter');
    expect(valuesOf(accessLog({}, line, celFilter('true')), 'expression')).toEqual(['true']);
  });

  test.each([{}, { log: '/var/log/egress.log' }])('with %j no other logger is used', (options) => {
    const loggers = valuesOf(compiled([TLS], {}, options).listeners, 'access_log').flat() as ConfigObject[];
    const expected = options.log === undefined ? 'envoy.access_loggers.stdout' : 'envoy.access_loggers.file';
    expect(new Set(loggers.map(({ name }) => name))).toEqual(new Set([expected]));
  });
});
