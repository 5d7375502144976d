import fs, { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EgressPolicy, PolicyError, PolicyFileError } from '../../../../lib/policy';
import { MAX_POLICY_BYTES } from '../../../../lib/policy/read/files';

describe('from files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'policy-files-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string | Uint8Array) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test('names the files it read', () => {
    const paths = [write('b.yaml', 'version: 1'), write('a.yaml', 'version: 1')];
    expect(EgressPolicy.fromFile(paths).files).toEqual(paths);
    expect(EgressPolicy.fromFile(paths[1] ?? '').files).toEqual(paths.slice(1));
  });

  test('tells the problems of all files at once', () => {
    const [a, b] = [write('a.yaml', 'version: 2'), write('b.yaml', 'version: 1\nmode: off')];
    expect(() => EgressPolicy.fromFile([b, a])).toThrow(
      new PolicyError([
        {
          code: 'wrong_value',
          file: a,
          line: 1,
          column: 10,
          message: 'version 2: the format has one version; write `version: 1`',
        },
        {
          code: 'wrong_value',
          file: b,
          line: 2,
          column: 7,
          message: 'mode "off": one of "enforce" and "observe" is wanted; leave the key out for enforce',
        },
      ]),
    );
  });

  test('an unreadable file is an error of its own, which names every one of them and what to do', () => {
    mkdirSync(join(folder, 'dir'));
    const paths = [join(folder, 'none.yaml'), join(folder, 'dir'), write('latin1.yaml', Uint8Array.of(0x76, 0xe9))];
    const attempt = () => EgressPolicy.fromFile(paths);
    expect(attempt).toThrow(PolicyFileError);
    expect(attempt).toThrow(
      [
        `cannot read the policy file "${paths[0]}": there is no such file; give its path with --policy, or write a first policy with \`mcp-egress init\``,
        `cannot read the policy file "${paths[1]}": this is a folder; give the path of the file in it`,
        `cannot read the policy file "${paths[2]}": it is not UTF-8; save it as UTF-8`,
      ].join('\n'),
    );
  });

  test('says when reading is not permitted', () => {
    const read = jest.spyOn(fs, 'openSync').mockImplementation(() => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' }); // by hand: root may read everything
    });
    expect(() => EgressPolicy.fromFile('secret.yaml')).toThrow(
      'cannot read the policy file "secret.yaml": reading it is not permitted; give this user the right to read it',
    );
    read.mockRestore();
  });

  test('reads no file that is bigger than any policy, nor one that does not end', () => {
    const big = write('big.yaml', Buffer.alloc(MAX_POLICY_BYTES + 1, ' '));
    const attempt = () => EgressPolicy.fromFile([big, '/dev/zero']);
    expect(attempt).toThrow(PolicyFileError);
    const why = 'it is bigger than 16 MiB, the most that is read; is it another file?';
    expect(attempt).toThrow(`cannot read the policy file ${JSON.stringify(big)}: ${why}`);
    expect(attempt).toThrow(`cannot read the policy file "/dev/zero": ${why}`);
  });

  test('reads one of the biggest size whole', () => {
    const end = '\nmode: off\n';
    const most = write(
      'most.yaml',
      Buffer.concat([Buffer.alloc(MAX_POLICY_BYTES - end.length, '#'), Buffer.from(end)]),
    );
    expect(() => EgressPolicy.fromFile(most)).toThrow(`${most}:2:7: mode "off"`);
  });
});
