/** How tokens of well-known services begin (GitHub, GitLab, OpenAI and Anthropic, Slack, AWS, Google, npm, Hugging Face, a JWT). */
const PREFIX =
  /(?:^|[^a-z0-9])(?:gh[pousr]_|github_pat_|glpat-|sk-|xox[a-z]-|akia|asia|aiza|ya29\.|npm_|hf_|eyj)[a-z0-9_-]{6}/i;

/** Letters and digits in one piece, longer than words and versions are. */
const LONG_PIECE = /[a-z0-9]{20,}/gi;

/** RFC 9562. */
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** Whether a text may be or hold a token; rather once too often, since then only a hint is missing. */
export function looksSecret(text: string): boolean {
  if (PREFIX.test(text) || UUID.test(text)) return true;
  return (text.match(LONG_PIECE) ?? []).some((piece) => /\d/.test(piece) && /[a-z]/i.test(piece));
}
