import { describeGroup } from '../describe-group';

describeGroup('identity');
