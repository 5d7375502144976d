import { unwrapLine } from '../../../lib/logs/unwrap';
import { line } from './hostile';

const OWN = line({});

test.each([
  ['as Envoy wrote it', OWN],
  ['behind the name of a service, as Docker Compose prints it', `egress-gateway  | ${OWN}`],
  ['behind a time, as docker logs -t prints it', `2026-11-20T12:00:00.123456789Z ${OWN}`],
  ['behind a time and a stream, as aws logs tail prints it', `2026-11-20T12:00:00+00:00 envoy/envoy/0123abcd ${OWN}`],
  ['as an event of CloudWatch', JSON.stringify({ timestamp: 1, message: OWN, eventId: 'x' })],
])('a line is found %s', (_how, text) => {
  expect(unwrapLine(text)).toBe(OWN);
});

test.each([
  ['a line that another program wrote around one', `GET /?x=${OWN}`],
  ['a name that holds one', `a b c ${OWN}`],
])('%s is none', (_what, text) => {
  expect(unwrapLine(text)).toBe(text);
});

test('a field of ours that is called message does not hide the line', () => {
  const own = line({ authority: '"message":.test:443' });
  expect(unwrapLine(own)).toBe(own);
});
