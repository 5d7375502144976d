import { describeGroup } from '../describe-group';

describeGroup('host-names');
