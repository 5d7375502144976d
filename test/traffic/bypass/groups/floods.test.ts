import { describeGroup } from '../describe-group';

describeGroup('floods');
