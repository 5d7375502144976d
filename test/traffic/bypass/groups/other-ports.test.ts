import { describeGroup } from '../describe-group';

describeGroup('other-ports');
