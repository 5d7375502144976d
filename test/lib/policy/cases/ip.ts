import type { ProblemCases } from './cases';

/** Hosts that are IP addresses. */
export const IP_CASES: ProblemCases = {
  host_ip_spelling: [
    {
      rule: '{ host: "127.1", private: [127.0.0.0/8] }',
      says: [
        '6:17: host "127.1": a host whose last label is a number is read as an IPv4 address, and this is not its one accepted spelling; write four decimal numbers without leading zeros, like "10.0.3.7", with `private`',
      ],
    },
    {
      rule: 'host: 0x7f.0.0.1',
      says: [
        '6:15: host "0x7f.0.0.1": a host whose last label is a number is read as an IPv4 address, and this is not its one accepted spelling; write four decimal numbers without leading zeros, like "10.0.3.7", with `private`',
      ],
    },
    {
      rule: 'host: "2130706433"',
      says: [
        '6:15: host "2130706433": a host whose last label is a number is read as an IPv4 address, and this is not its one accepted spelling; write four decimal numbers without leading zeros, like "10.0.3.7", with `private`',
      ],
    },
    {
      rule: 'host: 0177.0.0.1',
      says: [
        '6:15: host "0177.0.0.1": a host whose last label is a number is read as an IPv4 address, and this is not its one accepted spelling; write four decimal numbers without leading zeros, like "10.0.3.7", with `private`',
      ],
    },
    {
      rule: 'host: \uff11\uff12\uff17.0.0.1',
      says: [
        '6:15: host "\uff11\uff12\uff17.0.0.1": a host whose last label is a number is read as an IPv4 address, and this is not its one accepted spelling; write four decimal numbers without leading zeros, like "10.0.3.7", with `private`',
      ],
    },
    {
      rule: 'host: 010.0.0.1',
      says: [
        '6:15: host "010.0.0.1": a host whose last label is a number is read as an IPv4 address, and this is not its one accepted spelling; write four decimal numbers without leading zeros, like "10.0.3.7", with `private`',
      ],
    },
    {
      rule: 'host: 1.2.3.4.5',
      says: [
        '6:15: host "1.2.3.4.5": a host whose last label is a number is read as an IPv4 address, and this is not its one accepted spelling; write four decimal numbers without leading zeros, like "10.0.3.7", with `private`',
      ],
    },
    {
      rule: 'host: "*.0.0.1"',
      says: [
        '6:15: host "*.0.0.1": a host whose last label is a number is read as an IPv4 address, and this is not its one accepted spelling; write four decimal numbers without leading zeros, like "10.0.3.7", with `private`',
      ],
    },
  ],
  host_ip_form: [
    {
      rule: '{ host: "::ffff:10.0.0.1", private: [10.0.0.0/8] }',
      says: [
        '6:17: host "::ffff:10.0.0.1": IPv4-mapped addresses (::ffff:0:0/96) carry an IPv4 address; write the IPv4 address',
      ],
    },
    {
      rule: '{ host: "fe80::1%eth0", private: ["fd00::/8"] }',
      says: ['6:17: host "fe80::1%eth0": a zone id names an interface of one machine; write the address without it'],
    },
    {
      rule: '{ host: "64:ff9b::a00:1", private: ["fd00::/8"] }',
      says: [
        '6:17: host "64:ff9b::a00:1": NAT64 addresses (64:ff9b::/96) carry an IPv4 address; write the IPv4 address',
      ],
    },
    {
      rule: '{ host: "::ffff:0:10.0.0.1", private: [10.0.0.0/8] }',
      says: [
        '6:17: host "::ffff:0:10.0.0.1": IPv4-translated addresses (::ffff:0:0:0/96) carry an IPv4 address; write the IPv4 address',
      ],
    },
  ],
  host_ip_needs_private: [
    {
      rule: 'host: 93.184.215.14',
      says: [
        '6:15: host "93.184.215.14": an IP address is accepted only with `private`; write the name of the host, or add `private: ["93.184.215.14/32"]`',
      ],
    },
    {
      rule: 'host: "[2606:2800::14]"',
      says: [
        '6:15: host "[2606:2800::14]": an IP address is accepted only with `private`; write the name of the host, or add `private: ["2606:2800::14/128"]`',
      ],
    },
  ],
  host_ip_outside_private: [
    {
      rule: '{ host: 10.1.2.3, private: [10.2.0.0/16] }',
      says: [
        '6:17: host "10.1.2.3" lies outside the rule\'s `private` (less the metadata addresses: 10.2.0.0/16); write an address inside, or name its network',
      ],
    },
    {
      rule: '{ host: 169.254.169.254, private: [169.0.0.0/8] }',
      says: [
        '6:17: host "169.254.169.254" lies outside the rule\'s `private` (less the metadata addresses: 169.0.0.0/9, 169.128.0.0/10, 169.192.0.0/11, 169.224.0.0/12, 169.240.0.0/13, 169.248.0.0/14, 169.252.0.0/15, 169.255.0.0/16); write an address inside, or name its network',
      ],
    },
  ],
};
