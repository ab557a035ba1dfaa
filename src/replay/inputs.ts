/** Which files a replay reads. */
import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CallEvaluatorError } from '../errors.ts';

/** The path that stands for standard input. */
export const STDIN = '-';

export interface Input {
  file: string;
  /** null where it is a pipe */
  size: number | null;
}

const EVENT_FILE = /\.(json|ndjson|jsonl)(\.gz)?$/i;
const NOT_EVENTS = /(\.metrics\.json|^expect\.json|^package(-lock)?\.json|^tsconfig.*\.json)$/i;
const NOT_EVENTS_FOLDER = /^(\..*|node_modules)$/;

/**
 * Files as they were given; of folders those that hold events, by name. Throws `unreadable_input` naming a path that was
 * given. What cannot be read inside a folder is an input all the same: whoever reads it finds out, and the others count.
 */
export async function findInputs(paths: readonly string[]): Promise<Input[]> {
  const inputs: Input[] = [];
  for (const path of paths) {
    if (path === STDIN) {
      inputs.push({ file: STDIN, size: null });
      continue;
    }
    const found = await look(path);
    inputs.push(...found);
    if (found.length === 0) {
      throw new CallEvaluatorError(
        'unreadable_input',
        `The folder ${path} holds no events: no file in it ends in .json, .ndjson, .jsonl, or one of these and .gz.`,
      );
    }
  }
  return inputs;
}

async function look(path: string, given = true): Promise<Input[]> {
  try {
    const found = await stat(path);
    await access(path, constants.R_OK);
    if (!found.isDirectory()) return [{ file: path, size: found.isFile() ? found.size : null }];
    const entries = await readdir(path, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const inputs: Input[] = [];
    for (const entry of entries) {
      // A link to a folder is not followed: it may lead back up.
      const wanted = entry.isDirectory()
        ? !NOT_EVENTS_FOLDER.test(entry.name)
        : EVENT_FILE.test(entry.name) && !NOT_EVENTS.test(entry.name);
      if (wanted) inputs.push(...(await look(join(path, entry.name), false)));
    }
    return inputs;
  } catch (error) {
    if (given) throw unreadable(path, error);
    return [{ file: path, size: 0 }];
  }
}

const WHY: Record<string, string> = {
  ENOENT: 'there is no such file or folder. Check the path',
  EACCES: 'permission is denied. Make it readable for this user',
  EISDIR: 'it is a folder',
};

export function unreadable(path: string, error: unknown): Error {
  if (error instanceof CallEvaluatorError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return new CallEvaluatorError('unreadable_input', `Cannot read ${path}: ${WHY[code ?? ''] ?? message}.`, {
    cause: error,
  });
}
