/** Bundles the script and the style sheet of the report's page into one module that the CLI loads. esbuild is loaded when called. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fromRoot } from './project.mjs';

const PAGE = ['lib', 'report', 'page'];

/** The page carries the library, so it carries the notice that its licence asks for. */
function notice() {
  const licence = readFileSync(fromRoot('node_modules', 'preact', 'LICENSE'), 'utf8').trim();
  return `/*! preact\n${licence}\n*/`;
}

/**
 * @param {string} dist the folder that is being built; `lib/report/built-page.js` is written there
 * @throws {Error} what esbuild says, or where the result could end the element that it stands in
 */
export function buildPage(dist) {
  const { buildSync } = createRequire(import.meta.url)('esbuild');
  const shared = {
    bundle: true,
    minify: true,
    write: false,
    target: 'es2022',
    charset: 'utf8',
    absWorkingDir: fromRoot(),
  };
  const built = (options) => buildSync({ ...shared, ...options }).outputFiles[0].text;
  const texts = {
    script: built({ entryPoints: [fromRoot(...PAGE, 'main.tsx')], format: 'iife', banner: { js: notice() } }),
    style: built({ entryPoints: [fromRoot(...PAGE, 'page.css')], target: 'esnext' }),
  };
  for (const [name, text] of Object.entries(texts)) {
    if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`the ${name} of the page would end its own element`);
  }
  writeFileSync(
    join(dist, 'lib', 'report', 'built-page.js'),
    `'use strict';\nmodule.exports = ${JSON.stringify(texts)};\n`,
  );
}
