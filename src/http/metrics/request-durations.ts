import { Histogram, type Registry } from 'prom-client';

/** Upper bounds, in seconds: an evaluation takes less than a millisecond, a commit some tens. */
const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;
const NAME = 'flagstaff_request_duration_seconds';

/** The requests of one operation that ended in one class of statuses. */
interface Series {
  readonly operation: string;
  readonly status: (typeof CLASSES)[number];
  /** How many took no longer than each bound and longer than the one before; the last, longer than all. */
  readonly counts: number[];
  /** In seconds. */
  sum: number;
}

/** How long requests take. Kept by itself, because the library's histogram hashes its labels with every request. */
export class RequestDurations {
  readonly #series = new Map<string, (Series | undefined)[]>();

  /** Notes a request that was answered. The operation is a row of the table of permissions, or `none`. */
  add(operation: string, { status, seconds }: { readonly status: number; readonly seconds: number }): void {
    const series = this.#seriesOf(operation, Math.floor(status / 100) - 1);
    let place = 0;
    while (place < BOUNDS.length && seconds > (BOUNDS[place] ?? 0)) place += 1;
    series.counts[place] = (series.counts[place] ?? 0) + 1;
    series.sum += seconds;
  }

  /** Shows the times as `flagstaff_request_duration_seconds`. */
  register(registry: Registry): void {
    registry.registerMetric(new Shown(() => [...this.#series.values()].flatMap(present)));
  }

  #seriesOf(operation: string, place: number): Series {
    const known = this.#series.get(operation)?.[place];
    if (known !== undefined) return known;
    const classes = this.#series.get(operation) ?? [];
    const series = newSeries(operation, CLASSES[place] ?? '5xx');
    classes[place] = series;
    this.#series.set(operation, classes);
    return series;
  }
}

function newSeries(operation: string, status: Series['status']): Series {
  return { operation, status, counts: new Array<number>(BOUNDS.length + 1).fill(0), sum: 0 };
}

function present(classes: readonly (Series | undefined)[]): readonly Series[] {
  return classes.flatMap((series) => series ?? []);
}

type Label = 'operation' | 'status' | 'le';
type Shape = Awaited<ReturnType<Histogram<Label>['get']>>;

const CONFIGURATION = {
  name: NAME,
  help: 'From the head of a request to the end of its answer; streams are left out.',
  labelNames: ['operation', 'status'] as const,
  registers: [],
};

/** A histogram that is counted elsewhere. */
class Shown extends Histogram<Label> {
  readonly #read: () => readonly Series[];
  /** Counts nothing: what the library says of a histogram besides its values. */
  readonly #frame = new Histogram(CONFIGURATION);

  constructor(read: () => readonly Series[]) {
    super(CONFIGURATION);
    this.#read = read;
  }

  override async get(): Promise<Shape> {
    return { ...(await this.#frame.get()), values: this.#read().flatMap(valuesOf) };
  }

  /** What the registry asks for where it writes text; it is in none of the library's types. */
  getForPromString(): Promise<Shape> {
    return this.get();
  }
}

/** Buckets of this format hold all that is no longer than their bound. */
function valuesOf({ operation, status, counts, sum }: Series): Shape['values'] {
  const labels = { operation, status };
  let total = 0;
  const buckets = counts.map((count, place) => {
    total += count;
    const le = BOUNDS[place] ?? '+Inf';
    return { metricName: `${NAME}_bucket`, labels: { ...labels, le }, value: total };
  });
  return [
    ...buckets,
    { metricName: `${NAME}_sum`, labels, value: sum },
    { metricName: `${NAME}_count`, labels, value: total },
  ];
}
