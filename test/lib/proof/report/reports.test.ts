import { proofSarif } from '../../../../lib/proof/report/sarif';
import { proofText } from '../../../../lib/proof/report/text';
import { proofMarkdown } from '../../../../lib/cli/prove-markdown';
import { add, prove, proveChanged, sealed, type Stack } from '../../../proof/support/sealed';

const HOSTILE = 'evil\u001b[31m\u202e';
const leak = (stack: Stack): void => {
  add(stack, 'aws_route', `out${HOSTILE}`, {
    route_table_id: '${aws_route_table.isolated.id}',
    destination_cidr_block: '0.0.0.0/0',
    nat_gateway_id: '${aws_nat_gateway.main.id}',
  });
};
const ESCAPES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/; // eslint-disable-line no-control-regex

describe('the text of a proof', () => {
  it('says the verdict, a line for each claim, what is reached and what is trusted', () => {
    const text = proofText(prove(sealed()));
    expect(text).toMatch(/^SEALED\n\nC1 holds +no route out of a subnet with workloads\nC2 holds/);
    expect(text).toContain(
      'search: endpoint logs, endpoint s3, gateway:10000, notes:8080; by calls: gateway:10001 (by notes)',
    );
    expect(text).toContain('stays open:\n  DNS questions for names below wikipedia.org');
    expect(text).toContain(
      "on trust:\n  what carries the gateway's group runs this gateway with this policy (aws_ecs_service.gateway)",
    );
    expect(text).toMatch(/\n\d+ resources in 1 document$/);
  });

  it('shows a leak hop by hop, with what to change and where, and nothing that a terminal would obey', () => {
    const text = proofText(proveChanged(leak));
    expect(text).toMatch(/^LEAK: C1 broken\n/);
    expect(text).toContain('    aws_ecs_service.search: workload search\n  > aws_subnet.isolated: is its subnet\n');
    expect(text).toMatch(/change: remove aws_route\.outevil\\u\{1b\}\[31m\\u\{202e\}\n {4}at: {5}main\.tf\.json:\d+/);
    expect(text).not.toMatch(ESCAPES);
  });

  it('explains one claim with what it stands on', () => {
    const text = proofText(prove(sealed()), { explain: 'C1' });
    expect(text).toBe(
      'C1 holds     no route out of a subnet with workloads\n\n  aws_subnet.isolated: aws_route_table.isolated has local routes alone',
    );
  });

  it('says what was accepted', () => {
    const text = proofText(proveChanged(leak, { accept: [{ claim: 'C1', reason: 'until June' }] }));
    expect(text).toMatch(/^SEALED, 1 accepted\n/);
    expect(text).toContain('\nC1 is accepted: until June\n');
  });
});

describe('other forms', () => {
  it('SARIF has a rule for each claim, and results with levels, places and steps', () => {
    const log = proofSarif(proveChanged(leak, { accept: [{ claim: 'C1', reason: 'until June' }] }), {
      name: 'x',
      version: '1',
    });
    expect(log).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'x', rules: expect.arrayContaining([expect.objectContaining({ id: 'C8' })]) } },
          results: [
            {
              ruleId: 'C1',
              level: 'error',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'main.tf.json' },
                    region: { startLine: expect.any(Number) },
                  },
                },
              ],
              codeFlows: [{ threadFlows: [{ locations: expect.any(Array) }] }],
              suppressions: [{ kind: 'external', justification: 'until June' }],
            },
          ],
        },
      ],
    });
  });

  it('Markdown keeps every name in code', () => {
    const markdown = proofMarkdown(proveChanged(leak));
    expect(markdown).toMatch(/^\*\*leak: C1 broken\*\*\n\n\| claim \| status \|/);
    expect(markdown).toContain('1. `aws_ecs_service.search` `workload search`');
    expect(markdown).not.toMatch(ESCAPES);
  });

  it('the same documents give the same proof', () => {
    expect(JSON.stringify(proveChanged(leak))).toBe(JSON.stringify(proveChanged(leak)));
  });
});
