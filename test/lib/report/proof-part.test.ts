import { proofPart } from '../../../lib/report';
import { get, prove, proveChanged, sealed } from '../../proof/support/sealed';

describe('proofPart', () => {
  it('has the verdict, each claim with its evidence, and who reaches what', () => {
    const part = proofPart(prove(sealed()));
    expect(part).toMatchObject({ verdict: 'sealed', words: 'sealed', documents: ['main.tf.json'] });
    expect(part.completePath).toBeUndefined();
    expect(part.claims.map(({ id, status }) => [id, status])).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((number) => [`C${number}`, 'holds']),
    );
    expect(part.claims.filter(({ says, evidence }) => says === '' || evidence.length === 0)).toEqual([]);
    expect(part.reach).toEqual([
      { workload: 'notes', gateway: ['10001'], endpoints: [], peers: [], viaCalls: [] },
      {
        workload: 'search',
        gateway: ['10000'],
        endpoints: ['logs', 's3'],
        peers: ['notes:8080'],
        viaCalls: ['gateway:10001 (by notes)'],
      },
    ]);
  });

  it('has every path of what is broken, and the complete one', () => {
    const part = proofPart(
      proveChanged(
        (stack) =>
          (get(stack, 'aws_route_table_association', 'isolated').route_table_id = '${aws_route_table.egress.id}'),
      ),
    );
    expect(part).toMatchObject({ verdict: 'leak', words: 'leak: C1 broken' });
    expect(part.completePath?.[0]).toMatchObject({ address: 'aws_ecs_service.search' });
    const [claim] = part.claims;
    expect(claim?.findings[0]).toMatchObject({ status: 'broken', change: 'remove aws_route.egress' });
    expect(claim?.findings[0]?.path.at(-1)).toMatchObject({ address: 'aws_route.egress' });
  });
});
