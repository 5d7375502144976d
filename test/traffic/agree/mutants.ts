import { contains } from '../../../lib/policy/cidr';
import { decide, type Decision, type EgressRequest } from '../../../lib/policy/decide';
import { patternsNaming } from '../../../lib/policy/match';
import type { EgressPolicy } from '../../../lib/policy/policy';
import { bareHost, targetOf } from '../../../lib/policy/target';
import type { Rule } from '../../../lib/policy/types';
import type { Decide } from './compare';

/** `decide` with one mistake each, in what the words say: a run that does not find them all proves nothing. */
export const MUTANTS: Readonly<Record<string, Decide>> = {
  'a wildcard is one label deep': (policy, request) => {
    const decision = decide(policy, request);
    const deep = (rule: Rule | undefined): boolean => {
      const [, ...wider] = patternsNaming(hostOf(request));
      return rule !== undefined && !rule.hosts.some((host) => host === hostOf(request) || host === wider[0]);
    };
    return decision.decision === 'allowed' && deep(decision.rule) ? refused('no_rule') : decision;
  },
  'an exact host inside a wildcard counts for nothing': withRules((rule, rules) => {
    const inside = (host: string): boolean =>
      patternsNaming(host)
        .slice(1)
        .some((wider) => rules.some(({ hosts }) => hosts.includes(wider)));
    return { ...rule, hosts: rule.hosts.filter((host) => !inside(host)) };
  }),
  'a wildcard inside a wildcard counts for nothing': withRules((rule, rules) =>
    rules.some(({ hosts }) => hosts.includes('*.x.test'))
      ? { ...rule, hosts: rule.hosts.filter((host) => host !== '*.deep.x.test') }
      : rule,
  ),
  'every port goes': onReason('port', () => 'allowed'),
  '8443 is as good as 443': (policy, request) =>
    decide(policy, { ...request, authority: request.authority.replace(/:8443$/, ':443') }),
  'HEAD is GET': withHttp(({ method, path }) => ({ method: method === 'HEAD' ? 'GET' : method, path })),
  'methods do not matter': onReason('method', (request) => (request.method === 'TRACE' ? 'denied' : 'allowed')),
  'a prefix ends anywhere': withHttp(({ method, path }) => ({ method, path: path.replace('/exactly', '/exact') })),
  'dot segments are names': withHttp(({ method, path }) => ({
    method,
    path: path.replace(/\/\.\.(?=\/|$)/g, '/dots'),
  })),
  'escapes stay': withHttp(({ method, path }) => ({ method, path: path.replace('%61', 'x') })),
  'private networks are a bit wider': withRules((rule) =>
    rule.private?.includes('10.9.9.0/24') ? { ...rule, private: ['10.0.0.0/8'] } : rule,
  ),
  'private addresses are public': withAnswers((answers) =>
    answers.map((ip) => (contains(['10.0.0.0/8'], ip) ? '93.184.215.14' : ip)),
  ),
  'metadata is public': withAnswers((answers) =>
    answers.map((ip) => (ip === '169.254.169.254' ? '93.184.215.14' : ip)),
  ),
  'one bad answer spoils all': withAnswers((answers) => (answers.length > 2 ? answers.slice(1) : answers)),
  'no answer is fine': withAnswers((answers) => (answers.length === 0 ? ['93.184.215.14'] : answers)),
  'groups are empty': withRules((rule) => (rule.group === undefined ? rule : { ...rule, hosts: [] })),
  'a last day is a day longer': (policy, request) =>
    decide(policy, { ...request, now: new Date(request.now.getTime() - 86_400_000) }),
  'a last day does not count': (policy, request) =>
    decide(policy, { ...request, now: new Date(request.now.getTime() + 86_400_000) }),
  'nothing ends': withRules(({ expires: _expires, ...rule }) => rule),
  'of several rules the first to end ends all': (policy, request) => {
    const decision = decide(policy, request);
    const expired = policy.workloads.some(({ rules }) =>
      rules.some(
        ({ hosts, expires }) =>
          expires !== undefined &&
          expires < request.now.toISOString().slice(0, 10) &&
          hosts.some((host) => decision.rule?.hosts.includes(host)),
      ),
    );
    return decision.decision === 'allowed' && expired ? refused('expired') : decision;
  },
  'observe enforces': (policy, request) => decide(changed(policy, { mode: 'enforce' }), request),
  'observe lets everything pass': (policy, request) => {
    const decision = decide(policy, request);
    return policy.mode === 'observe' && decision.decision === 'denied'
      ? { ...decision, decision: 'would_deny' }
      : decision;
  },
  '`address` is resolved': withRules(({ address: _address, ...rule }) => rule),
  'tcp is tls': withRules((rule) => (rule.protocol === 'tcp' ? { ...rule, protocol: 'tls' } : rule)),
  'tcp takes requests in absolute form': onReason('not_connect', () => 'allowed'),
  'all workloads are one': (policy, request) => {
    const decision = decide(policy, request);
    if (decision.reason !== 'no_rule') return decision;
    const others = policy.workloads.map(({ name }) => decide(policy, { ...request, workload: name }));
    return others.find((other) => other.decision === 'allowed') ?? decision;
  },
  'any server name': (policy, request) =>
    decide(policy, request.sni === undefined ? request : { ...request, sni: hostOf(request) }),
  'no server name is fine': (policy, request) =>
    request.payload === 'tls'
      ? decide(policy, { ...request, sni: request.sni ?? hostOf(request) })
      : decide(policy, request),
  'a server name that ends like the host': (policy, request) =>
    decide(policy, request.sni?.endsWith(hostOf(request)) ? { ...request, sni: hostOf(request) } : request),
  'TLS is not asked for': onReason('not_tls', () => 'allowed'),
  'HTTP is not asked for': onReason('not_http', () => 'allowed'),
  'the Host inside does not matter': onReason('host_mismatch', () => 'allowed'),
  'letter case matters': (policy, request) =>
    /[A-Z]/.test(request.authority) && decide(policy, request).decision === 'allowed'
      ? refused('no_rule')
      : decide(policy, request),
  'a trailing dot does not matter': (policy, request) =>
    decide(policy, { ...request, authority: request.authority.replace(/\.(?=:\d+$)/, '') }),
  'the user is the host': (policy, request) =>
    request.form === 'absolute' && request.authority.includes('@')
      ? decide(policy, { ...request, authority: `${request.authority.split('@')[0]}:80` })
      : decide(policy, request),
  'a zero before the port is none': (policy, request) =>
    decide(policy, { ...request, authority: request.authority.replace(/:0(?=\d)/, ':') }),
  'addresses are names': onReason('ip_literal', () => 'allowed'),
  'TRACE goes': (policy, request) =>
    decide(policy, request.method === 'TRACE' ? { ...request, method: 'GET' } : request),
  'every method is read': onReason('malformed', (request) => (request.method === 'FOO' ? 'allowed' : 'denied')),
  'limits refuse': (policy, request) => {
    const decision = decide(policy, request);
    const limited = policy.workloads.some(
      ({ name, limits }) => name === request.workload && limits.tunnelMinutes !== undefined,
    );
    return limited && decision.decision === 'allowed' ? refused('limit') : decision;
  },
};

function hostOf(request: EgressRequest): string {
  return bareHost(targetOf(request)?.host ?? '');
}

function refused(reason: Decision['reason']): Decision {
  return { decision: 'denied', reason, stage: 'request' };
}

/** Says something else where the reason is this one. */
function onReason(reason: Decision['reason'], says: (request: EgressRequest) => Decision['decision']): Decide {
  return (policy, request) => {
    const decision = decide(policy, request);
    return decision.reason === reason ? { ...decision, decision: says(request) } : decision;
  };
}

/** Reads the policy with other rules. */
function withRules(change: (rule: Rule, all: readonly Rule[]) => Rule): Decide {
  const known = new WeakMap<EgressPolicy, EgressPolicy>();
  return (policy, request) => {
    const wrong =
      known.get(policy) ??
      changed(policy, {
        workloads: policy.workloads.map((workload) => ({
          ...workload,
          rules: workload.rules.map((rule) => change(rule, workload.rules)),
        })),
      });
    known.set(policy, wrong);
    return decide(wrong, request);
  };
}

function changed(policy: EgressPolicy, fields: Partial<Pick<EgressPolicy, 'mode' | 'workloads'>>): EgressPolicy {
  return { ...policy, ...fields } as EgressPolicy;
}

/** Reads the HTTP request in another way. */
function withHttp(change: (http: { method: string; path: string }) => { method: string; path: string }): Decide {
  return (policy, request) => {
    const { method, path = '/', inner } = request;
    if (request.form === 'absolute') return decide(policy, { ...request, ...change({ method, path }) });
    return decide(policy, inner ? { ...request, inner: { ...inner, ...change(inner) } } : request);
  };
}

function withAnswers(change: (answers: readonly string[]) => readonly string[]): Decide {
  return (policy, request) => decide(policy, { ...request, answers: change(request.answers ?? []) });
}
