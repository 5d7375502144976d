import { parseLogLine, type LogRecord } from '../../../lib/gateway/log-line';
import { destinationOf } from '../../../lib/logs';
import { HOSTILE, line } from './hostile';

const of = (fields: Readonly<Record<string, unknown>>) => destinationOf(parseLogLine(line(fields)) as LogRecord);

test.each([
  [{ authority: 'API.Example.com:443' }, { host: 'api.example.com', port: 443, isIp: false, protocol: 'tls' }],
  [
    { authority: 'a.test:8443', sni: 'a.test' },
    { host: 'a.test', port: 8443, isIp: false, protocol: 'tls' },
  ],
  [{ authority: 'a.test:8443' }, { host: 'a.test', port: 8443, isIp: false, protocol: 'tls' }],
  [
    { authority: 'a.test:443', layer: 'tunnel' },
    { host: 'a.test', port: 443, isIp: false, protocol: 'unknown' },
  ],
  [{ authority: 'a.test:80' }, { host: 'a.test', port: 80, isIp: false, protocol: 'http' }],
  [
    { authority: 'a.test', method: 'GET' },
    { host: 'a.test', port: 80, isIp: false, protocol: 'http' },
  ],
  [
    { authority: 'a.test:8080', method: 'POST' },
    { host: 'a.test', port: 8080, isIp: false, protocol: 'http' },
  ],
  [{ authority: '93.184.215.14:443' }, { host: '93.184.215.14', port: 443, isIp: true, protocol: 'tls' }],
  [{ authority: '[2606:2800:21f::14]:443' }, { host: '2606:2800:21f::14', port: 443, isIp: true, protocol: 'tls' }],
])('%j is read', (fields, expected) => {
  expect(of(fields)).toEqual(expected);
});

test.each([
  ...HOSTILE,
  'a.test',
  'a.test:0',
  'a.test:99999',
  '0x7f.1:443',
  '127.1:443',
  'a..test:443',
  '-a.test:443',
  '',
])('%j is no destination', (authority) => {
  expect(of({ authority })).toBeUndefined();
});
