import { describeGroup } from '../describe-group';

describeGroup('not-tls');
