/** The frame of every page: one file that loads nothing and runs nothing, for the screen, for paper, for screen readers. */
import { hash } from 'node:crypto';
import { Html, html, type Piece } from './html.ts';
import { STYLE } from './style.ts';

export interface Page {
  /** Of the document: plain text. */
  title: string;
  main: Piece;
  /** null: it has none. */
  footer: Piece;
}

/** Nothing is fetched and no script runs, whatever a name may hold; the style is known by its hash. */
const POLICY = `default-src 'none'; style-src 'sha256-${hash('sha256', STYLE, 'base64')}'; base-uri 'none'; form-action 'none'`;

export function page({ title, main, footer }: Page): string {
  return `<!doctype html>
${
  html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
${main}
</main>
${
  footer !== null &&
  html`<footer>
${footer}
</footer>`
}
</body>
</html>
`.text
}`;
}
