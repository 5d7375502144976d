import { withoutProgress } from '../../../scripts/demo/curl';

const METER = '  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0';

describe('what curl -v writes', () => {
  it.each(['< HTTP/1.1 200 OK', '> GET /status HTTP/1.1', '*  subject: CN=a', '{ [5 bytes data]'])(
    'keeps its line, whether the progress meter runs into it or not: %s',
    (line) => {
      expect(withoutProgress(`\r${METER}${line}\r\n`)).toBe(`\r${line}\r\n`);
      expect(
        withoutProgress(`\r100    12    0    12    0     0   1.2k      0 --:--:--  0:00:01 --:--:--  1.2k${line}`),
      ).toBe(`\r${line}`);
      expect(withoutProgress(line)).toBe(line);
    },
  );

  it('stays as it is without a line of -v behind the meter', () => {
    expect(withoutProgress(`\r${METER}\ncurl: (56) CONNECT tunnel failed`)).toContain(METER);
  });
});
