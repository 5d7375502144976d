import { describeGroup } from '../describe-group';

describeGroup('ports');
