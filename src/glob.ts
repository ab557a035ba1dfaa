/**
 * `*` stands for anything, all else for itself. By hand, in linear time: a RegExp made of `*a*a*a*b` takes forever to
 * fail.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const [first, ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first!) || !text.endsWith(last) || text.length < first!.length + last.length) return false;
  const end = text.length - last.length;
  let at = first!.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
