import { describeGroup } from '../describe-group';

describeGroup('authority-and-host');
