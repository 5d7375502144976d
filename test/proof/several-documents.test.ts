import { proveSealed } from '../../lib/proof';
import { base } from './support/base';
import { add, claimOf, failing, type Stack } from './support/sealed';

/** A stack of another team, with a function of the same name as a workload's. */
function neighbour(): Stack {
  return {
    provider: { aws: [{ region: 'eu-west-1' }] },
    data: {},
    resource: { aws_lambda_function: { mailer: { function_name: 'mailer' } } },
  };
}

const proofOf = (...stacks: readonly Stack[]) =>
  proveSealed(stacks.map((json, index) => ({ name: `stack-${index}`, json })));

describe('several documents', () => {
  it('are one network: a neighbour changes nothing', () => {
    expect(failing(proofOf(base(), neighbour()))).toEqual([]);
    expect(failing(proofOf(neighbour(), base()))).toEqual([]);
  });

  it.each([
    ['before', (stack: Stack, other: Stack) => [other, stack]],
    ['behind', (stack: Stack, other: Stack) => [stack, other]],
  ])('do not hide a URL of a function from one with the same name %s it', (_, order) => {
    const stack = base();
    add(stack, 'aws_lambda_function_url', 'mailer', {
      function_name: '${aws_lambda_function.mailer.function_name}',
      authorization_type: 'NONE',
    });
    const proof = proofOf(...order(stack, neighbour()));
    expect(claimOf(proof, 'C3').findings.map(({ what }) => what)).toEqual([
      'aws_lambda_function_url.mailer is a function URL and leads to aws_lambda_function.mailer',
    ]);
  });

  it('tell of a leak in each of them', () => {
    const other = base();
    add(other, 'aws_route', 'leak', {
      route_table_id: '${aws_route_table.isolated.id}',
      destination_cidr_block: '0.0.0.0/0',
      nat_gateway_id: '${aws_nat_gateway.main.id}',
    });
    for (const stacks of [
      [base(), other],
      [other, base()],
    ])
      expect(failing(proofOf(...stacks))).toEqual(['C1 broken']);
  });
});
