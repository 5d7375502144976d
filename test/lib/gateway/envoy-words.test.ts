import { envoyWords } from '../../../lib/gateway/envoy-words';

const line = (level: string, text: string): string =>
  `[2026-11-23 15:27:14.046][10125][${level}][main] [source/server/server.cc:1059] ${text}`;

describe('envoyWords', () => {
  it('keeps warnings and worse, without time, thread and source', () => {
    const lines = [
      line('info', 'starting'),
      line('warning', 'careful'),
      line('error', 'bad'),
      line('critical', 'the end'),
    ];
    expect(envoyWords(lines)).toEqual(['careful', 'bad', 'the end']);
  });

  it('keeps the lines that go on with a kept one, and drops those of a dropped one', () => {
    expect(envoyWords([line('info', 'starting'), '  with this', line('critical', 'no:'), '  field: bogus'])).toEqual([
      'no:',
      'field: bogus',
    ]);
  });

  it('keeps what is no log line: the words of a loader', () => {
    expect(envoyWords(['/lib/libc.so.6: version `GLIBC_2.31` not found'])).toEqual([
      '/lib/libc.so.6: version `GLIBC_2.31` not found',
    ]);
  });

  it('leaves out what Envoy says at every start', () => {
    const lines = [
      line(
        'warning',
        'There is no configured limit to the number of allowed active downstream connections. Configure a limit',
      ),
      line('warning', "message 'xds.core.v3.CidrRange' is contained in proto file marked as work-in-progress."),
    ];
    expect(envoyWords(lines)).toEqual([]);
  });

  it('says a thing once and evens out its spaces', () => {
    expect(envoyWords([line('error', 'no  such   field'), line('error', 'no such field')])).toEqual(['no such field']);
  });

  it('keeps the last ones', () => {
    const lines = ['1', '2', '3', '4'].map((text) => line('error', text));
    expect(envoyWords(lines, 2)).toEqual(['3', '4']);
  });
});
