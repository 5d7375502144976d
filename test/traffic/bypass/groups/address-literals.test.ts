import { describeGroup } from '../describe-group';

describeGroup('address-literals');
