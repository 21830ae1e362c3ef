// model
export type { Block, BlockGroup, RequestReceipt, TelemetryTable } from './model/block.ts'
export { telemetryTables } from './model/block.ts'
export { bucketMiddleNs, bucketsPerDoubling, durationBucket } from './model/duration-buckets.ts'
// model: the fields of an event
export type { EventField, EventFieldName, FieldType } from './model/fields.ts'
export { eventFields, findEventField } from './model/fields.ts'
export type { MetricType, Signal, SpanKind, Status, Temporality } from './model/signal.ts'
export { metricTypes, signals, spanKinds, statuses, temporalities } from './model/signal.ts'
// predicate: to SQL
export type { AttributeType } from './predicate/attribute-sql.ts'
// predicate: for editors
export type { CompletionContext, CompletionField } from './predicate/completion.ts'
export { completionContext } from './predicate/completion.ts'
export type { PredicateProblem } from './predicate/describe-errors.ts'
export { describeErrors } from './predicate/describe-errors.ts'
// predicate: to a function
export type { AttributeValue, EventView, StoredFieldName } from './predicate/event-view.ts'
export type { FieldSql } from './predicate/field-to-sql.ts'
export { fieldToSql } from './predicate/field-to-sql.ts'
// predicate: the language
export { parseFieldName, parsePredicate } from './predicate/parser.ts'
export type {
  ComparisonOperator,
  FieldReference,
  Literal,
  Position,
  Predicate,
} from './predicate/predicate.ts'
export { comparisonOperators, predicateLimits } from './predicate/predicate.ts'
export { printField, printLiteral, printPredicate } from './predicate/printer.ts'
export type { SqlParameterType } from './predicate/sql-parameters.ts'
export { SqlParameters } from './predicate/sql-parameters.ts'
export type { EventTest } from './predicate/to-function.ts'
export { predicateToFunction } from './predicate/to-function.ts'
export type { PredicateSql, PredicateSqlOptions } from './predicate/to-sql.ts'
export { predicateToSql } from './predicate/to-sql.ts'
// runtime: time, chance
export type { Clock } from './runtime/clock.ts'
// runtime: configuration
export type { Config, ConfigSources, Settings, SettingsGroup } from './runtime/config.ts'
export { defineSettings, environmentName, loadConfig } from './runtime/config.ts'
// runtime: errors, retry
export { OrielError } from './runtime/error.ts'
export type { CatalogueEntry, ErrorCode } from './runtime/error-catalogue.ts'
export { errorCatalogue } from './runtime/error-catalogue.ts'
// runtime: lifecycle, logs, telemetry
export type { Component, LifecycleOptions, StopReport } from './runtime/lifecycle.ts'
export { Lifecycle } from './runtime/lifecycle.ts'
export type { LogFields, Logger, LoggerOptions, LogLevel } from './runtime/logger.ts'
export { createLogger, logLevels, silentLogger } from './runtime/logger.ts'
export { nearMiss, nearMissHint } from './runtime/near-miss.ts'
export type { Random } from './runtime/random.ts'
export { seededRandom, systemRandom } from './runtime/random.ts'
export { redactSecrets } from './runtime/redact-secrets.ts'
export { renderConfigReference, renderErrorReference } from './runtime/reference-pages.ts'
export type { RetryOptions, RetryPolicy } from './runtime/retry.ts'
export { isRetryableError, retry, retryDelayMs } from './runtime/retry.ts'
export type { Setting } from './runtime/setting.ts'
export { formatBytes, formatDurationMs, setting } from './runtime/setting.ts'
export { systemClock } from './runtime/system-clock.ts'
export type { Attributes, Counter, Instrumentation, Recorder, SpanOptions } from './runtime/telemetry.ts'
export { instrument } from './runtime/telemetry.ts'
