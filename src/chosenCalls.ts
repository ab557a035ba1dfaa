/** The calls that a query chooses, one after the other, each as it is now: from what is kept of it, or else measured. */
import type { CallSelection, Listed } from './callQuery.ts';
import { walkCalls, walkPages } from './callWalk.ts';
import { figuresByHour } from './figuresByHour.ts';
import type { CallFigures } from './fleet/figures.ts';
import type { LiveRoom } from './live.ts';
import type { CallMetrics } from './metrics/callMetrics.ts';
import { type Facets, facetsOf } from './metrics/facets.ts';
import type { Projections } from './projections.ts';
import type { Rooms } from './rooms.ts';
import type { CallListing, Store } from './store/store.ts';
import type { SummarySelection } from './summaryQuery.ts';

interface History {
  store: Store;
  rooms: Rooms;
  configHash: string;
  clock(): number;
  /** null where nothing is known of it */
  room(roomSid: string): Promise<LiveRoom | null>;
  metricsOf(roomSid: string): Promise<CallMetrics | null>;
}

interface Walk {
  signal?: AbortSignal | undefined;
  /** By the name of its room alone: a call that is not one of them is not measured. */
  mayBe?: (roomName: string | null) => boolean;
}

export class ChosenCalls {
  readonly #history: History;

  constructor(history: History) {
    this.#history = history;
  }

  /** The calls of the period, each with what lists look at. */
  async *walk(selection: CallSelection, { signal, mayBe = () => true }: Walk = {}): AsyncGenerator<Listed> {
    const { store, rooms } = this.#history;
    for await (const listing of walkCalls(store, selection, { signal })) {
      if (!mayBe(listing.roomName)) continue;
      const facets = rooms.facetsIn(listing) ?? (await this.facetsNow(listing.roomSid));
      if (facets) yield { ...listing, facets };
    }
  }

  async *matching(selection: CallSelection, walk?: Walk): AsyncGenerator<Listed> {
    for await (const call of this.walk(selection, walk)) if (selection.matches(call)) yield call;
  }

  async facetsNow(roomSid: string): Promise<Facets | null> {
    const room = await this.#history.room(roomSid);
    return room && facetsOf((await this.#history.metricsOf(roomSid))!, room.call);
  }

  /** Their figures, one by one. */
  async addTo(
    calls: { add(figures: CallFigures): void },
    { all, ...selection }: Omit<SummarySelection, 'options' | 'figures'>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { store, rooms } = this.#history;
    if (all) {
      for await (const page of this.#wholePeriod(selection, signal)) for (const call of page) calls.add(call);
      return;
    }
    for await (const page of walkPages(store, selection, { withFigures: true, signal }))
      for (const listing of page) {
        const found = await this.#projections(listing, rooms.figuresIn(listing));
        if (found && selection.matches({ ...listing, facets: found.facets })) calls.add(found.figures);
      }
  }

  #wholePeriod(selection: CallSelection, signal: AbortSignal | undefined): AsyncGenerator<CallFigures[]> {
    const { store, rooms, configHash, clock } = this.#history;
    const figuresNow = (listing: CallListing) =>
      rooms.figuresIn(listing) ?? this.#projections(listing, null).then((found) => found?.figures ?? null);
    return figuresByHour({ store, selection, configHash, now: clock(), signal, figuresNow });
  }

  async #projections(listing: CallListing, kept: CallFigures | null): Promise<Projections | null> {
    const { rooms, clock } = this.#history;
    const facets = kept && rooms.facetsIn(listing);
    if (facets) return { facets, figures: kept };
    const room = await this.#history.room(listing.roomSid);
    return room && rooms.projectionsNow(room, clock());
  }
}
