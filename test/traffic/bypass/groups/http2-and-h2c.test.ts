import { describeGroup } from '../describe-group';

describeGroup('http2-and-h2c');
