import { describeGroup } from '../describe-group';

describeGroup('oversized');
