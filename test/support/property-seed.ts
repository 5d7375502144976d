import fc from 'fast-check';

/**
 * Properties draw new examples on each run; under CI the seed is fixed, so that a change is judged by the same examples as the one
 * before it. `MCP_EGRESS_SEED` repeats a run; a failure prints its seed.
 */
const { CI, MCP_EGRESS_SEED } = process.env;
const fixed = CI && CI !== 'false' ? '1' : undefined;
const seed = MCP_EGRESS_SEED ?? fixed;
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
