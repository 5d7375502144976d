import { testApply } from './support/test-apply';

testApply('main');
