import { describeGroup } from '../describe-group';

describeGroup('upgrades');
