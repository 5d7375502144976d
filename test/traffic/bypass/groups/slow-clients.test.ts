import { describeGroup } from '../describe-group';

describeGroup('slow-clients');
