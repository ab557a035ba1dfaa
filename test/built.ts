import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** dist/ is what `npm ci` made of the sources as they are: nothing was written since. */
export function isBuilt(): boolean {
  const built = join(ROOT, 'dist/call-metrics.schema.json');
  if (!existsSync(built)) return false;
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true });
  const files = sources.filter((one) => one.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return [...files, join(ROOT, 'package.json')].every((file) => statSync(file).mtimeMs <= statSync(built).mtimeMs);
}
