import { claimOf, failing, prove, sealed } from '../../proof/support/sealed';

describe('proveSealed', () => {
  it('proves the hand-written stack, with evidence for every claim', () => {
    const proof = prove(sealed());
    expect(failing(proof)).toEqual([]);
    expect(proof.verdict).toBe('sealed');
    for (const { claim, evidence } of proof.claims)
      expect([claim, evidence.length]).toEqual([claim, expect.any(Number)]);
    expect(claimOf(proof, 'C1').evidence).toContain(
      'aws_subnet.isolated: aws_route_table.isolated has local routes alone',
    );
    expect(claimOf(proof, 'C4').evidence).toHaveLength(2);
  });
});
