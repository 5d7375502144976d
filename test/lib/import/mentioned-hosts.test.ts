import { mentionedHosts } from '../../../lib/import/mentioned-hosts';

const hosts = (...texts: string[]): string[] =>
  mentionedHosts(texts.map((text) => [text, 'its arguments'] as const)).map(({ host, port }) => `${host}:${port}`);

describe('mentionedHosts', () => {
  it('finds the hosts of https URLs, each once', () => {
    expect(hosts('--url=https://A.example.com/x', 'https://a.example.com https://b.example.com:8443?q')).toEqual([
      'a.example.com:443',
      'b.example.com:8443',
    ]);
  });

  it.each([
    ['http://plain.example.com', 'is no https'],
    ['https://user:pa/ss@host.example.com', 'has a slash in the password'],
    ['https://to.ken\\@host.example.com', 'has a backslash, which URL parsers take for a slash'],
    ['https://pa.ss word@host.example.com', 'has a space in the password'],
    ['https://secretword/', 'has no dot'],
    ['https://ghp_c2VjcmV0c2VjcmV0c2Vj.example.com', 'has a token in it'],
    ['https://5f0c2a9b7d4e4c1f8a6b3d2e1f0a9b8c.hooks.example.com', 'has a long piece of letters and digits'],
    ['https://${HOST}/', 'is a variable'],
    ['https://169.254.169.254/', 'is a metadata address'],
  ])('does not take %s, which %s', (text) => {
    expect(hosts(text)).toEqual([]);
  });

  it('takes the host behind a user name', () => {
    expect(hosts('https://0f1e2d3c@o1.ingest.example.com/1')).toEqual(['o1.ingest.example.com:443']);
  });

  it('bounds how much one server says', () => {
    expect(hosts(Array.from({ length: 50 }, (_, index) => `https://h${index}.example.com`).join(' '))).toHaveLength(20);
    expect(hosts(`${' '.repeat(10_000)}https://far.example.com`)).toEqual([]);
  });
});
