import { get } from '../support/sealed';
import type { Leak } from './leak';
import { unknown } from './unknown';

const LIST = 'aws_route53_resolver_firewall_domain_list';
const RULE = 'aws_route53_resolver_firewall_rule.allowed';

function allowed(name: string, domains: unknown): Leak {
  return {
    name,
    breaks: ['C5'],
    names: RULE,
    change: (stack) => {
      get(stack, LIST, 'allowed').domains = domains;
    },
  };
}

function perhaps(name: string, domains: unknown): Leak {
  return unknown(name, ['C5'], RULE, (stack) => {
    get(stack, LIST, 'allowed').domains = domains;
  });
}

/** Names that are written as something else. */
export const MORE_DNS: readonly Leak[] = [
  allowed('every name by jsondecode', '${jsondecode("[\\"*\\"]")}'),
  allowed('a zone of strangers by jsondecode', '${tolist(jsondecode("[\\"*.com\\"]"))}'),
  allowed('every name by jsondecode of what jsonencode wrote', '${jsondecode(jsonencode(["*"]))}'),
  perhaps('names by jsondecode of a variable', '${jsondecode(var.names)}'),
  perhaps('names by jsondecode of text that is no JSON', '${jsondecode("[*]")}'),
  perhaps(
    'names by jsondecode of text that says a name twice',
    '${jsondecode("{\\"a\\": \\"b.example\\", \\"a\\": 1}")}',
  ),
  perhaps('a name that is none', ['api.example.com", "*']),
  perhaps('a name with a star inside', ['api.*.example.com']),
];
