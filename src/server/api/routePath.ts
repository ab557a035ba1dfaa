/** Paths of routes: `/v1/calls/{roomSid}/events`. */
import { Problem } from './problem.ts';

/** @returns the parameters in the path; null where it is that of another route */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined ? part !== given[i] : given[i] === '') return null;
    if (name !== undefined) params[name] = given[i]!;
  }
  for (const [name, value] of Object.entries(params)) params[name] = decoded(name, value);
  return params;
}

function decoded(parameter: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Problem('bad-parameter', `${parameter}: ${JSON.stringify(text)} is not percent-encoded UTF-8.`, {
      parameter,
    });
  }
}
