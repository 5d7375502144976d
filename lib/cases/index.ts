export { readCases, type Case } from './read-cases';
export { judge, runCase, type CaseResult } from './run-case';
