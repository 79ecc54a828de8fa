import { Counter, Gauge, type Registry } from 'prom-client';

/** A number that is known elsewhere, and is asked for each time that the metrics are. */
export interface Watched {
  /** `flagstaff_streams` */
  readonly name: string;
  /** A sentence for people. */
  readonly help: string;
  /** Undefined while there is no such number: it is left out then. */
  readonly read: () => number | undefined;
}

/** Shows a number that goes up and down. */
export function watchGauge({ name, help, read }: Watched, registry: Registry): void {
  new Gauge({
    ...{ name, help, registers: [registry] },
    collect() {
      const value = read();
      if (value === undefined) this.remove();
      else this.set(value);
    },
  });
}

/** Shows a number that only goes up. */
export function watchCounter({ name, help, read }: Watched, registry: Registry): void {
  new Counter({
    ...{ name, help, registers: [registry] },
    collect() {
      this.reset();
      this.inc(read() ?? 0);
    },
  });
}
