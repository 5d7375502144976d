/**
 * Lints code that is not on disk, with the project's own configuration: standard input is `[{file, code}]`, standard output the
 * messages of each, `[[{rule, message}]]`. A process of its own, for jest cannot load an ES module configuration.
 */
import { ESLint } from 'eslint';
import { text } from 'node:stream/consumers';
import tseslint from 'typescript-eslint';

// Rules that need types read the file from disk; the rules under test do not need types.
const eslint = new ESLint({ overrideConfig: [tseslint.configs.disableTypeChecked] });
const results = [];
for (const { file, code } of JSON.parse(await text(process.stdin))) {
  const [result] = await eslint.lintText(code, { filePath: file });
  results.push(result.messages.map(({ ruleId, message }) => ({ rule: ruleId, message })));
}
process.stdout.write(JSON.stringify(results));
