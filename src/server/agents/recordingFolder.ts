/** The folder in which the sound of calls is kept, `ROOM/JOB.ogg`: only where it was asked for, and checked before it is needed. */
import { randomUUID } from 'node:crypto';
import { accessSync, constants, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { CallEvaluatorError } from '../../errors.ts';
import { RecordingFile } from './recordingFile.ts';

/** Of files on their way in: no sid begins with a dot. */
const PART = /^\.[\da-f-]{36}\.part$/;

export class RecordingFolder {
  /** Without symbolic links, and the same wherever the process goes. */
  readonly path: string;

  /** @throws CallEvaluatorError `bad_option` */
  constructor(folder: unknown) {
    try {
      if (typeof folder !== 'string' || folder === '') throw new TypeError('it is no path');
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.path = realpathSync(folder);
      readdirSync(this.path);
      // a file would tell more, but could not be made on a disk that is full: that must not keep webhooks out
      accessSync(this.path, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (error) {
      throw unusable(folder, error as NodeJS.ErrnoException);
    }
  }

  /** @param sound of a form that is just coming in */
  receive(sound: Readable): RecordingFile {
    return new RecordingFile(this.path, `.${randomUUID()}.part`, sound);
  }

  /**
   * Removes what a process that died has left behind. If another one uses the folder after all, its uploads are answered
   * with 503, and come again.
   * @returns how many there were
   */
  sweep(): number {
    const left = readdirSync(this.path, { withFileTypes: true }).filter((one) => one.isFile() && PART.test(one.name));
    for (const { name } of left) rmSync(join(this.path, name), { force: true });
    return left.length;
  }
}

const WHY: Record<string, string> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'its file system is read-only',
  EEXIST: 'it is a file',
  ENOTDIR: 'it is, or lies below, a file',
  ENOSPC: 'it is not there, and its disk is full',
};

function unusable(folder: unknown, { code = '', message }: NodeJS.ErrnoException): CallEvaluatorError {
  return new CallEvaluatorError(
    'bad_option',
    `The sound of calls cannot be kept in ${JSON.stringify(folder)}: ${WHY[code] ?? message}. Give option recordings (--recordings) a folder that this user may write, or leave it out: then no sound is kept.`,
  );
}
