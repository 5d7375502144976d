import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { inSameStack } from '../../../constructs/aws/same-stack';
import { synthesizedApp } from '../support/synth';

test('what stands in another stack is left out: Terraform takes no output in depends_on', () => {
  synthesizedApp(['a', 'b'], ({ a, b }) => {
    const [mine, other] = [new SecurityGroup(a, 'mine'), new SecurityGroup(b, 'other')];
    expect(inSameStack(a, [mine, other])).toEqual([mine]);
    expect(inSameStack(b, [mine, other])).toEqual([other]);
    expect(inSameStack(mine, [mine])).toEqual([mine]);
  });
});
