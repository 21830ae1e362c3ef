import type { BlockMark } from '../native-block.ts'
import type { Table } from '../table.ts'
import { AttributeCatalogueTable } from './attribute-catalogue.ts'
import { EventsTable } from './events.ts'
import { IngestMinuteTable } from './ingest-minute.ts'
import { MetricPointsTable } from './metric-points.ts'
import { MetricSeriesTable } from './metric-series.ts'
import { RedMinuteTable } from './red-minute.ts'
import { ResourcesTable } from './resources.ts'
import { TraceIndexTable } from './trace-index.ts'

/**
 * The open blocks of one worker. Requests append to events, resources and the metric tables;
 * the derived tables are filled when the set is sealed.
 */
export class TableSet {
  readonly events = new EventsTable()
  readonly resources = new ResourcesTable()
  readonly metricSeries = new MetricSeriesTable()
  readonly metricPoints = new MetricPointsTable()
  readonly traceIndex = new TraceIndexTable()
  readonly redMinute = new RedMinuteTable()
  readonly attributeCatalogue = new AttributeCatalogueTable()
  readonly ingestMinute = new IngestMinuteTable()
  readonly #appended: readonly Table[] = [this.events, this.resources, this.metricSeries, this.metricPoints]
  readonly all: readonly Table[] = [
    ...this.#appended,
    this.traceIndex,
    this.redMinute,
    this.attributeCatalogue,
    this.ingestMinute,
  ]
  /** What is once per block: `resource:…` and `series:…` keys already written, in order of writing. */
  readonly #seen = new Set<string>()
  readonly #seenOrder: string[] = []

  /** True the first time in this block (and again after a rollback took the first time back). */
  firstSeen(key: string): boolean {
    if (this.#seen.has(key)) return false
    this.#seen.add(key)
    this.#seenOrder.push(key)
    return true
  }

  /** Rows that requests appended, over all tables. */
  get rows(): number {
    return this.events.rows + this.metricPoints.rows
  }

  /** Takes a mark of everything; the returned function undoes what was appended since. */
  mark(): () => void {
    const marks: readonly (readonly [Table, BlockMark])[] = this.#appended.map((table) => [
      table,
      table.mark(),
    ])
    const seen = this.#seenOrder.length
    return () => {
      for (const [table, mark] of marks) table.rollback(mark)
      for (const key of this.#seenOrder.splice(seen)) this.#seen.delete(key)
    }
  }

  reset(): void {
    for (const table of this.all) table.reset()
    this.#seen.clear()
    this.#seenOrder.length = 0
  }
}
