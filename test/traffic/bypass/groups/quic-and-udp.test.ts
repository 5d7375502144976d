import { describeGroup } from '../describe-group';

describeGroup('quic-and-udp');
