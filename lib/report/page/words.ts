/** `1,234` */
export function number(value: number): string {
  return value.toLocaleString('en');
}

/** `1 rule`, `1,234 rules`. */
export function counted(value: number, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `2027-06-30 12:00:00` of `2027-06-30T12:00:00.123Z`. */
export function shortTime(time: string): string {
  return time.replace('T', ' ').replace(/(\.\d+)?Z$/, '');
}

/** A text in lines of so many characters; what does not fit ends in `…`. */
export function wrapped(text: string, width: number, most: number): string[] {
  const lines: string[] = [];
  let rest = text.trim();
  while (rest.length > width && lines.length < most - 1) {
    const space = rest.lastIndexOf(' ', width);
    const end = space > width / 3 ? space : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, cut(rest, width)];
}

/** A text of so many characters at most. */
export function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
