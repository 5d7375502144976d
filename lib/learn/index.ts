export { HAZARDS, type HazardKind } from './hazard-kinds';
export { learn, type Learned, type LearnFrom } from './learn';
export { propose, type Proposal, type ProposedHost, type ProposedRule, type ProposeOptions } from './propose';
export { requestOf, type Unfit, wishesOf, type Wish } from './wish';
export { LearnError, writeRules } from './write-rules';
