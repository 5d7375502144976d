/** A value as inline code, whatever it holds: the fence is longer than any run of backticks inside (CommonMark 6.1). */
export function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** A table in GitHub's form. Cells are Markdown already; bars and newlines in them are escaped. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Labels and values, each line of a value as code. */
export function keyValueTable(rows: readonly (readonly [label: string, value: string])[]): string {
  return markdownTable(
    ['', ''],
    rows.map(([label, value]) => [label, value.split('\n').map(code).join('<br>')]),
  );
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
