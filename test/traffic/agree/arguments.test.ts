import { readArguments } from './arguments';

describe('the arguments of `npm run test:agree`', () => {
  it('are all optional', () => {
    expect(readArguments([])).toEqual({ pairs: 10_000, seed: expect.any(Number), requestsPerPolicy: 200 });
    expect(readArguments(['--pairs', '2000'])).toMatchObject({ pairs: 2000, requestsPerPolicy: 50 });
  });

  it('are read', () => {
    const args = '--pairs 5 --seed=-7 --requests-per-policy 3 --path 1:0:22'.split(' ');
    expect(readArguments(args)).toEqual({ pairs: 5, seed: -7, requestsPerPolicy: 3, path: '1:0:22' });
  });

  it.each([
    ['--pairs 0', '--pairs "0" is not a whole number from 1 on; write one like 10000'],
    ['--pairs 1e3', '--pairs "1e3" is not a whole number'],
    ['--requests-per-policy x', '--requests-per-policy "x" is not a whole number from 1 on; write one like 200'],
    ['--seed 0x1', '--seed "0x1" is not a whole number'],
    ['--path 1,2', '--path "1,2" is not a path; a failed run prints one like 12:1:0'],
    ['--pears 1', "Unknown option '--pears'"],
    ['100', 'Unexpected argument'],
  ])('are refused: %s', (text, message) => {
    expect(() => readArguments(text.split(' '))).toThrow(message);
  });
});
