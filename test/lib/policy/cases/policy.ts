import type { ProblemCases } from './cases';

/** What lies between rules, workloads and files. */
export const POLICY_CASES: ProblemCases = {
  duplicate: [
    {
      rule: 'hosts: [A.example.com, a.example.com.]',
      says: ['6:32: host "a.example.com." stands twice in this rule, before as "A.example.com"; remove one'],
    },
    {
      rule: '{ host: a.example.com, ports: [443, 443] }',
      says: ['6:45: port 443 stands twice in this rule; remove one'],
    },
    {
      rule: '{ host: a.example.com, protocol: http, methods: [GET, GET], paths: [/a, /a] }',
      says: [
        '6:63: method "GET" stands twice in this rule; remove one',
        '6:81: path "/a" stands twice in this rule; remove one',
      ],
    },
    {
      rule: '{ host: a.example.com, private: [10.0.0.0/8, 10.0.0.0/8] }',
      says: ['6:54: network "10.0.0.0/8" stands twice in this rule; remove one'],
    },
    {
      rule: 'host: a.example.com\n      - { host: A.example.com, ports: [443], reason: again }',
      says: ['7:9: rule "a.example.com:443" means the same as the one at egress.yaml:6:9; remove one of them'],
    },
  ],
  conflicting_rules: [
    {
      rule: '{ host: a.example.com, ports: [80] }\n      - { host: a.example.com, protocol: http }',
      says: [
        '7:9: host "a.example.com" on port 80 stands also in the rule at egress.yaml:6:9, and the two differ in protocol http and tls; write one kind of rule for one host and port',
      ],
    },
    {
      rule: '{ hosts: [a.example.com, b.example.com], private: [10.0.0.0/8] }\n      - { host: b.example.com, address: "1.2.3.4:443" }',
      says: [
        '7:9: host "b.example.com" on port 443 stands also in the rule at egress.yaml:6:9, and the two differ in `private` and `address`; write one kind of rule for one host and port',
      ],
    },
    {
      files: [
        'version: 1\nworkloads:\n  a: { port: 10000, allow: [{ host: a.example.com }] }',
        'version: 1\nworkloads:\n  a: { port: 10000, allow: [{ host: a.example.com, private: [10.0.0.0/8] }] }',
      ],
      says: [
        'b.yaml:3:29: host "a.example.com" on port 443 stands also in the rule at a.yaml:3:29, and the two differ in `private`; write one kind of rule for one host and port',
      ],
    },
  ],
  port_taken: [
    {
      text: 'version: 1\nworkloads:\n  a: { port: 10000 }\n  b: { port: 10000 }',
      says: [
        '4:3: workload "b" has port 10000, which workload "a" has at egress.yaml:3:3; the port is the workload\'s identity: write another one',
      ],
    },
    {
      text: 'version: 1\nworkloads:\n  a: { port: 9900 }',
      says: [
        '3:3: workload "a" has port 9900, which is the gateway\'s health endpoint; write another port from 1024 to 65535',
      ],
    },
    {
      files: ['version: 1\nworkloads:\n  a: { port: 10000 }', 'version: 1\nworkloads:\n  b: { port: 10000 }'],
      says: [
        'b.yaml:3:3: workload "b" has port 10000, which workload "a" has at a.yaml:3:3; the port is the workload\'s identity: write another one',
      ],
    },
  ],
  gateway_port: [
    {
      rule: '{ host: llm.internal, protocol: http, ports: [9900, 10000, 11434], private: [127.0.0.0/8] }',
      says: [
        '6:9: rule "llm.internal:9900,10000,11434" reaches port 10000 at 127.0.0.0/8, where the gateway itself listens (workload "a"); write another port, or a `private` without these addresses',
        '6:9: rule "llm.internal:9900,10000,11434" reaches port 9900 at 127.0.0.0/8, where the gateway itself listens (the health endpoint); write another port, or a `private` without these addresses',
      ],
    },
    {
      rule: '{ host: llm.internal, private: ["::1/128"], address: "[::1]:10000" }',
      says: [
        '6:9: rule "llm.internal:443" reaches port 10000 at ::1/128, where the gateway itself listens (workload "a"); write another port, or a `private` without these addresses',
      ],
    },
    {
      rule: '{ host: llm.internal, private: [0.0.0.0/8], ports: [10000] }',
      says: [
        '6:9: rule "llm.internal:10000" reaches port 10000 at 0.0.0.0/8, where the gateway itself listens (workload "a"); write another port, or a `private` without these addresses',
      ],
    },
  ],
  port_conflict: [
    {
      files: ['version: 1\nworkloads:\n  a: { port: 10000 }', 'version: 1\nworkloads:\n  a: { port: 10001 }'],
      says: [
        'b.yaml:3:3: workload "a" has port 10001 here and port 10000 at a.yaml:3:3; write the same port in both files, or give one workload another name',
      ],
    },
  ],
  group_conflict: [
    {
      files: [
        'version: 1\ngroups: { g: [{ host: a.example.com }] }',
        'version: 1\ngroups: { g: [{ host: b.example.com }] }',
      ],
      says: [
        'b.yaml:2:11: group "g" has another content at a.yaml:2:11; write the same rules in both files, or give one group another name',
      ],
    },
  ],
};
