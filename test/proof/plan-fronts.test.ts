import { LEAKS } from './leaks';
import { asPlan } from './support/as-shown';
import { base } from './support/base';
import { hasState } from './support/state';
import { claimOf, prove } from './support/sealed';

const FRONTS =
  /^an? (CloudFront VPC origin|API Gateway integration|REST API|HTTP API|authorizer|URL of (a|an alias of a) function)/;
const fronts = (LEAKS.C3 ?? []).filter(({ name, breaks, change }) => {
  const stack = base();
  change(stack);
  return breaks?.includes('C3') && FRONTS.test(name) && hasState(stack);
});

describe('a plan, which shows the names alone that an expression refers to', () => {
  it.each(fronts.map((leak) => [leak.name, leak] as const))('has the way in: %s', (_, leak) => {
    const stack = base();
    leak.change(stack);
    expect(claimOf(prove(asPlan(stack)), 'C3').status).toBe('broken');
  });
});
