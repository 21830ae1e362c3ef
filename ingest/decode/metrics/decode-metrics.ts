import { metricTypes } from '@oriel/core'
import { AttributeReader } from '../attribute-reader.ts'
import type { DecodeContext } from '../decode-context.ts'
import type { DecodeOutcome } from '../decode-pool.ts'
import { Envelope, type EnvelopeVisitor, type ScopeRange } from '../envelope.ts'
import { DecodeNotes } from '../notes.ts'
import type { ResourceReader } from '../resource-reader.ts'
import { capEnd } from '../utf8-cut.ts'
import { WireReader } from '../wire/wire-reader.ts'
import { appendPoint } from './append-point.ts'
import { ExemplarReader } from './exemplar-reader.ts'
import { FieldCursor, wireTypes } from './field-cursor.ts'
import { MetricHeader } from './metric-header.ts'
import { MetricPoint } from './metric-point.ts'
import { type PointRejection, rejectPoint } from './point-rejection.ts'
import { pointReaders } from './read-point.ts'
import { SeriesIdentity } from './series-identity.ts'

const dayMs = 86_400_000

/** Reads an ExportMetricsServiceRequest into metric_points and metric_series. Counts data points. */
export function decodeMetrics(input: Uint8Array, context: DecodeContext): DecodeOutcome {
  const decoder = new MetricsDecoder(input, context)
  return decoder.decode()
}

class MetricsDecoder implements EnvelopeVisitor {
  readonly #context: DecodeContext
  readonly #reader: WireReader
  readonly #attributes: AttributeReader
  readonly #exemplars: ExemplarReader
  readonly #header = new MetricHeader()
  readonly #point = new MetricPoint()
  readonly #identity = new SeriesIdentity()
  readonly #notes = new DecodeNotes('data point')
  #resource: ResourceReader | undefined
  #scopeNameEnd = 0
  #scopeVersionEnd = 0
  #scope: ScopeRange = { nameStart: 0, nameEnd: 0, versionStart: 0, versionEnd: 0 }

  constructor(input: Uint8Array, context: DecodeContext) {
    const { tables, limits, redactor } = context
    this.#context = context
    this.#reader = new WireReader(input)
    this.#attributes = new AttributeReader(this.#reader, tables.metricSeries.attributes, limits, redactor)
    this.#exemplars = new ExemplarReader(this.#reader, tables.metricPoints, limits, redactor)
  }

  decode(): DecodeOutcome {
    new Envelope(this.#reader, this.#context, this).read()
    const { accepted, rejected } = this.#notes
    return { accepted, rejected, message: this.#notes.message(this.#context.limits.valueBytesMax) }
  }

  resource(resource: ResourceReader): void {
    this.#resource = resource
    resource.note(this.#notes)
  }

  scope(scope: ScopeRange): void {
    const { limits } = this.#context
    const bytes = this.#reader.bytes
    const { nameStart, nameEnd, versionStart, versionEnd } = scope
    this.#scope = scope
    this.#scopeNameEnd = capEnd(bytes, nameStart, nameEnd, limits.valueBytesMax)
    this.#scopeVersionEnd = capEnd(bytes, versionStart, versionEnd, limits.valueBytesMax)
    if (this.#scopeNameEnd < nameEnd) this.#notes.valuesCut++
    if (this.#scopeVersionEnd < versionEnd) this.#notes.valuesCut++
  }

  item(end: number): void {
    const header = this.#header
    header.read(this.#reader, end)
    if (header.type === undefined) return
    const cursor = new FieldCursor(this.#reader, header.dataStart, header.dataEnd)
    while (cursor.next()) {
      if (cursor.field !== 1 || cursor.wireType !== wireTypes.bytes) continue
      this.#readPoint(cursor.start, cursor.stop)
      this.#reader.at = cursor.stop
    }
  }

  #readPoint(start: number, end: number): void {
    const point = this.#point
    const { type, temporality } = this.#header
    if (type === undefined) return
    point.reset()
    pointReaders[type](new FieldCursor(this.#reader, start, end), point)
    const { receivedAtMs, limits } = this.#context
    const rejection = rejectPoint(point, { type, temporality, receivedAtMs, limits })
    if (rejection !== undefined) {
      this.#notes.reject(rejection)
      return
    }
    this.#readAttributes()
    const cut = this.#wouldMerge()
    if (cut !== undefined) {
      this.#notes.reject(cut)
      return
    }
    this.#notes.accepted++
    this.#identify()
    this.#writeSeries()
    this.#writePoint()
  }

  #readAttributes(): void {
    const ranges = this.#point.attributes
    this.#attributes.begin()
    for (let i = 0; i < ranges.count; i++) {
      this.#reader.at = ranges.start(i)
      this.#attributes.add(ranges.end(i))
    }
  }

  /** Cut short, two series could become one. */
  #wouldMerge(): PointRejection | undefined {
    if (this.#attributes.dropped > 0)
      return 'more attributes than decode.attributesMax, or a key longer than decode.valueBytesMax'
    if (this.#header.longest > this.#context.limits.valueBytesMax)
      return 'the name or unit of the metric is longer than decode.valueBytesMax'
    return undefined
  }

  #identify(): void {
    const identity = this.#identity
    const header = this.#header
    const scope = this.#scope
    const bytes = this.#reader.bytes
    identity.begin()
    identity.part(bytes, header.nameStart, header.nameEnd)
    identity.part(bytes, header.unitStart, header.unitEnd)
    identity.number(metricTypes[header.type ?? 'gauge'])
    identity.number(header.temporality * 2 + header.monotonic)
    identity.number(this.#resource?.idLow ?? 0)
    identity.number(this.#resource?.idHigh ?? 0)
    identity.part(bytes, scope.nameStart, scope.nameEnd)
    identity.part(bytes, scope.versionStart, scope.versionEnd)
    identity.attributes(this.#attributes, bytes)
  }

  /** Once per block, series and day of the point: the table's partitions are those of the points. */
  #writeSeries(): void {
    const { tables, tenant, receivedAtMs } = this.#context
    const { low, high } = this.#identity
    const header = this.#header
    const scope = this.#scope
    const bytes = this.#reader.bytes
    const resource = this.#resource
    const day = Math.floor(this.#point.timeMs / dayMs)
    if (resource === undefined || !tables.firstSeen(`series:${high}:${low}:${day}:${tenant}`)) return
    const series = tables.metricSeries
    series.tenant.pushText(tenant)
    series.day.push(day)
    series.metric.push(bytes, header.nameStart, header.nameEnd)
    series.seriesId.push(low, high)
    series.type.push(metricTypes[header.type ?? 'gauge'])
    series.unit.push(bytes, header.unitStart, header.unitEnd)
    const { descriptionStart, descriptionEnd } = header
    const described = capEnd(bytes, descriptionStart, descriptionEnd, this.#context.limits.valueBytesMax)
    if (described < descriptionEnd) this.#notes.valuesCut++
    series.description.push(bytes, descriptionStart, described)
    series.temporality.push(header.temporality)
    series.monotonic.push(header.monotonic)
    series.service.push(resource.serviceBytes, resource.serviceStart, resource.serviceEnd)
    series.resourceId.push(resource.idLow, resource.idHigh)
    series.scopeName.push(bytes, scope.nameStart, this.#scopeNameEnd)
    series.scopeVersion.push(bytes, scope.versionStart, this.#scopeVersionEnd)
    this.#attributes.append()
    this.#notes.valuesCut += this.#attributes.valuesCut
    series.lastSeen.pushNumber(receivedAtMs)
  }

  #writePoint(): void {
    const { tables, tenant, receivedAtMs } = this.#context
    const points = tables.metricPoints
    points.tenant.pushText(tenant)
    points.metric.push(this.#reader.bytes, this.#header.nameStart, this.#header.nameEnd)
    points.seriesId.push(this.#identity.low, this.#identity.high)
    points.ingestTime.pushNumber(receivedAtMs)
    appendPoint(this.#point, points)
    this.#exemplars.append(this.#point.exemplars, this.#notes)
  }
}
