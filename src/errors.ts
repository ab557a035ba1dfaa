/**
 * Everything this package throws on purpose. Each code is one situation with one remedy; the message says both.
 * The edges map codes: HTTP 503 for what may pass (`store_busy`, `store_full`), exit 2 for usage and unreadable input.
 */
export type ErrorCode =
  | 'bad_option' // a misspelt or ill-typed option of CallEvaluator or of the command line
  | 'unknown_room' // no event of that room is stored
  | 'unknown_path' // explain() was asked for a metric that does not exist
  | 'unreadable_input' // replay: a file or folder that cannot be read
  | 'store_busy' // another process holds the database's write lock; nothing was lost, try again
  | 'store_full' // the disk is full; nothing acknowledged was lost
  | 'store_readonly' // the database file or its folder cannot be written
  | 'store_corrupt' // the file is damaged or is no database
  | 'store_newer' // the database was written by a later version of this package
  | 'store_failed' // any other failure of the database
  | 'closed'; // the evaluator was closed

export class CallEvaluatorError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'CallEvaluatorError';
    this.code = code;
  }
}
