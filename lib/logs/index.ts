export { adviceFor, type Advice } from './advice';
export { cloudWatchLines, CloudWatchError, type CloudWatchSource } from './cloud-watch';
export { destinationOf, type Destination } from './destination';
export { LogSummary, type LogGroup } from './log-summary';
export { logText } from './log-text';
export { noLines, readLine, readLog, type LogCounts } from './read-log';
