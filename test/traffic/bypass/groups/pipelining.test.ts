import { describeGroup } from '../describe-group';

describeGroup('pipelining');
