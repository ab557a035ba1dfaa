#!/usr/bin/env node
// Nothing heavy may be imported before the check: on Node 20 loading better-sqlite3 crashes the process without a word.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `call-evaluator needs Node 22.18 or newer, and this is Node ${process.versions.node}: install a newer one from https://nodejs.org, or add one to this project with "npm install node@26", which npx then uses.`,
  );
  process.exitCode = 2;
} else {
  const { run } = await import('./program.ts');
  await run(process.argv);
}

export {};
