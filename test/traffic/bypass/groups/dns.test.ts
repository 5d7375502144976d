import { describeGroup } from '../describe-group';

describeGroup('dns');
