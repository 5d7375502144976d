import { readSource } from '../../../lib/import/read-source';

describe('readSource', () => {
  it('says what is known when a file is not', () => {
    const read = (): unknown => readSource({ file: 'x.json', text: '{"dependencies": {}, "\\u202e": 1}' });
    expect(read).toThrow(
      /^x\.json: no known list of MCP servers: its keys begin with "dependencies", "\\u\{202e\}"\. Known are /,
    );
    expect(read).toThrow(/`mcpServers`.*`mcp\.servers` \(OpenClaw\).*`network\.outbound`.*`registry`/);
  });

  it.each([
    ['{"mcpServers": []}', 'a list in the place of the mapping'],
    ['{"mcp": {}}', 'no servers'],
    ['{}', 'nothing'],
  ])('takes %s for unknown: %s', (text) => {
    expect(() => readSource({ file: 'x', text })).toThrow('no known list of MCP servers');
  });

  it.each([
    ['{\n  "a": 1,\n  b c\n}', "x:3:5: not valid JSON5: invalid character 'c'"],
    ['{"a": "\n', "x:2:1: not valid JSON5: invalid character '\\n'"],
    ['a: [\nb: }', 'x:2:'],
    ['a: *b', 'its YAML aliases have no anchor'],
    ['- a', 'it holds no mapping'],
    ['', 'it holds no mapping'],
    [
      `a: &a [x]\nb: &b [${'*a,'.repeat(50)}]\nc: &c [${'*b,'.repeat(50)}]\nd: [${'*c,'.repeat(50)}]`,
      'unfold into too much',
    ],
  ])('names the place of a mistake in %j', (text, message) => {
    expect(() => readSource({ file: 'x', text })).toThrow(message);
  });

  it('does not repeat the text of a file that cannot be parsed', () => {
    const read = (): unknown => readSource({ file: 'x', text: 'token: ghp_secret\n  bad: [' });
    expect(read).toThrow(/not valid YAML/);
    expect(read).not.toThrow(/ghp_secret/);
  });

  it('reads line separators as spaces, and nothing is said about them on the console', () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    const { servers } = readSource({ file: 'x', text: '{"mcpServers":\u2028{"a\u2029b": {"command": "x"}}}' });
    expect(servers.map(({ name }) => name)).toEqual(['a b']);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  it('reads comments in front of the first brace', () => {
    const { servers } = readSource({ file: 'x', text: '/* a */\n// {b}\n{mcpServers: {a: {command: "x"},},}' });
    expect(servers.map(({ name }) => name)).toEqual(['a']);
  });
});
