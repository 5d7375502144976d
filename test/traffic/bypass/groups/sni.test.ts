import { describeGroup } from '../describe-group';

describeGroup('sni');
