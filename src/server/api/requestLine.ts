/** What the log says of a request: nothing of what it names, and nothing that it carries. */
export interface RequestLine {
  method: string | undefined;
  /** The path with the names of its parameters. */
  route: string;
  status: number;
  ms: number;
}

/** @param began by performance.now */
export function requestLine(method: string | undefined, route: string, status: number, began: number): RequestLine {
  return { method, route, status, ms: Math.round((performance.now() - began) * 10) / 10 };
}
