import { parseLogLine, printable } from '../../../lib/gateway/log-line';

const LINE = {
  time: '2026-11-23T15:00:00.123Z',
  layer: 'request',
  id: '7f3a',
  workload: 'web-search',
  rule: 'api.example.com:443',
  decision: 'allowed',
  reason: 'rule',
  method: 'GET',
  authority: 'api.example.com:443',
  sni: 'api.example.com',
  upstream: '93.184.215.14:443',
  status: 200,
  bytes_sent: 12,
  bytes_received: 34,
  duration_ms: 5,
};

describe('parseLogLine', () => {
  it('reads every field of a decision', () => {
    expect(parseLogLine(JSON.stringify(LINE))).toEqual({
      time: '2026-11-23T15:00:00.123Z',
      layer: 'request',
      id: '7f3a',
      workload: 'web-search',
      rule: 'api.example.com:443',
      decision: 'allowed',
      reason: 'rule',
      method: 'GET',
      authority: 'api.example.com:443',
      sni: 'api.example.com',
      upstream: '93.184.215.14:443',
      status: 200,
      bytesSent: 12,
      bytesReceived: 34,
      durationMs: 5,
    });
  });

  it('leaves out what Envoy does not know, be it null, a dash, empty or status 0', () => {
    const record = parseLogLine(JSON.stringify({ ...LINE, rule: '-', sni: null, upstream: '', status: 0 }));
    expect(record).toMatchObject({ rule: undefined, sni: undefined, upstream: undefined, status: undefined });
  });

  it('reads numbers that are written as text', () => {
    expect(parseLogLine(JSON.stringify({ ...LINE, status: '403', bytes_sent: '7' }))).toMatchObject({
      status: 403,
      bytesSent: 7,
    });
  });

  it.each(['denied', 'would_deny'])('knows the decision %s in the layer tunnel', (decision) => {
    expect(parseLogLine(JSON.stringify({ ...LINE, layer: 'tunnel', decision }))).toMatchObject({
      layer: 'tunnel',
      decision,
    });
  });

  it('skips pending: the tunnel line with the same id decides', () => {
    expect(parseLogLine(JSON.stringify({ ...LINE, decision: 'pending' }))).toBeUndefined();
  });

  it.each([
    [
      'a line of Envoy about itself',
      '[2026-11-23 15:00:00.000][7][warning][main] [source/server/server.cc:1059] limit',
    ],
    ['half a line', JSON.stringify(LINE).slice(0, 40)],
    ['an array', '[1]'],
    ['text', '"x"'],
    ['nothing', ''],
    ['an object of somebody else', '{"level":"info"}'],
    ['an unknown decision', JSON.stringify({ ...LINE, decision: 'maybe' })],
    ['an unknown layer', JSON.stringify({ ...LINE, layer: 'dns' })],
  ])('gives nothing for %s', (_, line) => {
    expect(parseLogLine(line)).toBeUndefined();
  });
});

describe('printable', () => {
  it('leaves ordinary text alone, in any script', () => {
    expect(printable('api.example.com:443 – bücher 日本 🦞')).toBe('api.example.com:443 – bücher 日本 🦞');
  });

  it.each([
    ['escape sequences', '\u001b[31mred', '\\u{1b}[31mred'],
    ['the one-byte CSI', '\u009b31m', '\\u{9b}31m'],
    ['line ends', 'a\r\nb', 'a\\u{d}\\u{a}b'],
    ['NUL and DEL', '\u0000\u007f', '\\u{0}\\u{7f}'],
    ['bidirectional overrides', 'moc\u202elive', 'moc\\u{202e}live'],
    ['bidirectional isolates', '\u2066x\u2069', '\\u{2066}x\\u{2069}'],
    ['zero-width characters', 'a\u200bb\ufeff', 'a\\u{200b}b\\u{feff}'],
    ['line separators', '\u2028\u2029', '\\u{2028}\\u{2029}'],
    ['tag characters', '\u{e0041}', '\\u{e0041}'],
    ['lone surrogates', '\ud800x\udc00', '\\u{d800}x\\u{dc00}'],
  ])('shows %s as escapes', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });
});
