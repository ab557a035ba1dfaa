import type { CallEvaluator } from '../../evaluator.ts';

const REMEMBERED = 10_000;

/** The names of rooms by sid. A room keeps its name: what was found once is remembered, the oldest out first. */
export class RoomNames {
  readonly #evaluator: Pick<CallEvaluator, 'getState'>;
  readonly #names = new Map<string, string>();

  constructor(evaluator: Pick<CallEvaluator, 'getState'>) {
    this.#evaluator = evaluator;
  }

  /** null while no event has told it, and of a room that is not known. */
  async of(roomSid: string): Promise<string | null> {
    const known = this.#names.get(roomSid);
    if (known !== undefined) return known;
    const name = (await this.#evaluator.getState(roomSid))?.roomName ?? null;
    if (name === null) return null;
    this.#names.set(roomSid, name);
    if (this.#names.size > REMEMBERED) this.#names.delete(this.#names.keys().next().value!);
    return name;
  }
}
