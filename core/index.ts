// model
export type { Block, BlockGroup, RequestReceipt, TelemetryTable } from './model/block.ts'
export { telemetryTables } from './model/block.ts'
export { bucketMiddleNs, bucketsPerDoubling, durationBucket } from './model/duration-buckets.ts'
export type { MetricType, Signal, SpanKind, Status, Temporality } from './model/signal.ts'
export { metricTypes, signals, spanKinds, statuses, temporalities } from './model/signal.ts'
// runtime
export type { Clock } from './runtime/clock.ts'
export { OrielError } from './runtime/error.ts'
export type { CatalogueEntry, ErrorCode } from './runtime/error-catalogue.ts'
export { errorCatalogue } from './runtime/error-catalogue.ts'
export type { Component } from './runtime/lifecycle.ts'
