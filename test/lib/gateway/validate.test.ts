import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EnvoyConfigError } from '../../../lib/gateway/errors';
import { validate } from '../../../lib/gateway/validate';
import { cluster, config } from './support/configs';
import { failure, script, temporaryFolder } from './support/fakes';

const root = temporaryFolder();
const compiled = config({ clusters: [cluster('c1')] });

const seen = join(root, 'seen');
/** An Envoy that also writes down which file it was given. */
const envoy = (name: string, text: string): string => script(join(root, name), `echo "$4" > ${seen}\n${text}`);

describe('validate', () => {
  afterEach(() => {
    const file = readFileSync(seen, 'utf8').trim();
    expect(file).toMatch(/\/envoy\.json$/);
    expect(existsSync(dirname(file))).toBe(false);
  });

  it('has Envoy validate one static file', async () => {
    const kept = join(root, 'kept');
    await validate(compiled, { envoy: envoy('good', `echo "$@" > ${kept}; cat "$4" >> ${kept}`) });
    const [args, ...file] = readFileSync(kept, 'utf8').split('\n');
    expect(args).toMatch(/^--mode validate --config-path \S+\/envoy\.json /);
    expect(file.join('\n')).toContain('"static_resources":');
    expect(file.join('\n')).toContain('"name":"c1"');
  });

  it("rejects with Envoy's own words, without its time, place and the temporary file", async () => {
    const line = `[2026-11-23 15:27:35.528][1][critical][main] [source/a.cc:76] error initializing configuration '$4': route: unknown  cluster 'nope'`;
    const error = await failure(validate(compiled, { envoy: envoy('bad', `echo "${line}" >&2; exit 1`) }));
    expect(error).toBeInstanceOf(EnvoyConfigError);
    expect(error.message).toBe(
      "Envoy refuses the compiled configuration:\n  error initializing configuration: route: unknown cluster 'nope'",
    );
  });

  it('shows control characters in the words of Envoy as escapes', async () => {
    const error = await failure(
      validate(compiled, { envoy: envoy('evil', `printf 'bad \\033[31mname\\n' >&2; exit 1`) }),
    );
    expect(error.message).toContain('bad \\u{1b}[31mname');
  });

  it('says how Envoy ended where it says nothing', async () => {
    const path = envoy('silent', 'exit 3');
    const error = await failure(validate(compiled, { envoy: path }));
    expect(error.message).toContain(`${path}: exit code 3`);
  });

  it('gives up after a time', async () => {
    const path = envoy('slow', 'exec sleep 60');
    const error = await failure(validate(compiled, { envoy: path, timeoutMs: 100 }));
    expect(error.message).toContain(`${path}: timed out after 0.1 s`);
  });
});
