import { createHash } from 'node:crypto';
import { escapeUnprintable } from '../policy/quote';
import type { ReportModel } from './model';
import type { PageBundle } from './page-bundle';

/** How a page begins that we wrote. */
export const PAGE_MARK = '<!doctype html>\n<html lang="en">\n<head>\n<meta name="generator" content="cdktf-mcp-egress';

/**
 * The page, as one file that loads nothing. Its data stands in it as JSON, and its script makes text nodes of that: no text of the model is
 * ever read as HTML. Its Content Security Policy (W3C, CSP Level 3) allows that script and that style sheet by their hashes, and nothing else.
 */
export function renderPage(model: ReportModel, { script, style }: PageBundle, version: string): string {
  const csp = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  return `${PAGE_MARK} ${version}">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Egress report</title>
<style>${style}</style>
</head>
<body>
<div id="page"><noscript>This page shows its data by its own script, which this browser does not run.</noscript></div>
<script type="application/json" id="model">${jsonForHtml(model)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/**
 * JSON that no HTML parser takes for the end of its element or for a comment (HTML Standard, 4.12.1.3, "Restrictions for contents of script
 * elements"): `<` appears in strings alone, where JSON may escape it. What a page would hide or reorder becomes visible.
 */
function jsonForHtml(model: ReportModel): string {
  const json = JSON.stringify(model, (_, value: unknown) =>
    typeof value === 'string' ? escapeUnprintable(value) : value,
  );
  return json.replace(/</g, '\\u003c');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}
