import { testApply } from './support/test-apply';

testApply('existing-vpc');
