import { describeGroup } from '../describe-group';

describeGroup('smuggling');
