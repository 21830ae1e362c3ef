-- The telemetry schema. One statement per block, separated by a line holding only ";".
-- Column order here is the order of the Native blocks that the decode workers write.
CREATE TABLE IF NOT EXISTS events
(
    tenant LowCardinality(String),
    signal Enum8('span' = 1, 'log' = 2, 'event' = 3),
    time DateTime64(9) CODEC(Delta, ZSTD(1)),
    ingest_time DateTime64(3) CODEC(Delta, ZSTD(1)),
    observed_time DateTime64(9) CODEC(Delta, ZSTD(1)),
    service LowCardinality(String),
    name LowCardinality(String),
    kind Enum8('unspecified' = 0, 'internal' = 1, 'server' = 2, 'client' = 3, 'producer' = 4, 'consumer' = 5),
    status Enum8('unset' = 0, 'ok' = 1, 'error' = 2),
    status_message String CODEC(ZSTD(1)),
    duration_ns UInt64 CODEC(T64, ZSTD(1)),
    trace_id FixedString(16) CODEC(ZSTD(1)),
    span_id FixedString(8) CODEC(ZSTD(1)),
    parent_span_id FixedString(8) CODEC(ZSTD(1)),
    trace_state String CODEC(ZSTD(1)),
    flags UInt32 CODEC(ZSTD(1)),
    severity UInt8,
    severity_text LowCardinality(String),
    body String CODEC(ZSTD(1)),
    exception_type LowCardinality(String),
    exception_message String CODEC(ZSTD(1)),
    resource_id UInt64 CODEC(ZSTD(1)),
    scope_name LowCardinality(String),
    scope_version LowCardinality(String),
    attr_str Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    attr_num Map(LowCardinality(String), Float64) CODEC(ZSTD(1)),
    attr_bool Map(LowCardinality(String), Bool) CODEC(ZSTD(1)),
    -- per key: 'json' | 'bytes' | 'empty' | 'cut:<original bytes>' | 'int:<exact decimal digits>'
    attr_meta Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    span_event_time Array(DateTime64(9)) CODEC(ZSTD(1)),
    span_event_name Array(LowCardinality(String)) CODEC(ZSTD(1)),
    span_event_attributes Array(String) CODEC(ZSTD(1)),
    link_trace_id Array(FixedString(16)) CODEC(ZSTD(1)),
    link_span_id Array(FixedString(8)) CODEC(ZSTD(1)),
    link_attributes Array(String) CODEC(ZSTD(1)),
    dropped_attributes UInt32 CODEC(ZSTD(1)),
    dropped_events UInt32 CODEC(ZSTD(1)),
    dropped_links UInt32 CODEC(ZSTD(1)),
    weight Float64 CODEC(ZSTD(1)),
    -- the OpenTelemetry rejection threshold as received, hex; '' means the incoming sampling is unknown
    th LowCardinality(String),
    sample_reason LowCardinality(String),
    -- bit 0: end before start, duration set to 0 · bit 1: a value was cut · bit 2: duplicate attribute keys · bit 3: time replaced
    row_flags UInt8,
    block_id UInt64 CODEC(ZSTD(1)),
    row_no UInt32 CODEC(Delta, ZSTD(1)),
    -- used by hasAllTokens, hasToken and LIKE on exactly these expressions (docs/adr/0002-event-schema.md)
    INDEX body_words lower(body) TYPE text(tokenizer = 'splitByNonAlpha') GRANULARITY 100000000,
    INDEX name_words lower(name) TYPE text(tokenizer = 'splitByNonAlpha') GRANULARITY 100000000,
    INDEX exception_words lower(exception_message) TYPE text(tokenizer = 'splitByNonAlpha') GRANULARITY 100000000
)
ENGINE = MergeTree
PARTITION BY (signal, toDate(time))
ORDER BY (tenant, toStartOfFiveMinutes(time), service, name, time)
SETTINGS non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, old_parts_lifetime = 60,
    ttl_only_drop_parts = 1,
    -- 50 rows found here and there read 50 granules: small ones
    index_granularity = 1024,
    -- one key of a map is read without the others once parts are merged; new parts stay cheap to write
    map_serialization_version = 'with_buckets', map_buckets_min_avg_size = 0
;
CREATE TABLE IF NOT EXISTS trace_index
(
    tenant LowCardinality(String),
    trace_id FixedString(16),
    day Date,
    start SimpleAggregateFunction(min, DateTime64(9)),
    end SimpleAggregateFunction(max, DateTime64(9)),
    spans SimpleAggregateFunction(sum, UInt64),
    errors SimpleAggregateFunction(sum, UInt64),
    logs SimpleAggregateFunction(sum, UInt64),
    root_service SimpleAggregateFunction(max, String),
    root_name SimpleAggregateFunction(max, String),
    root_duration_ns SimpleAggregateFunction(max, UInt64)
)
ENGINE = AggregatingMergeTree
PARTITION BY day
ORDER BY (tenant, trace_id)
SETTINGS non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, old_parts_lifetime = 60,
    ttl_only_drop_parts = 1
;
CREATE TABLE IF NOT EXISTS red_minute
(
    tenant LowCardinality(String),
    minute DateTime,
    signal Enum8('span' = 1, 'log' = 2, 'event' = 3),
    service LowCardinality(String),
    name LowCardinality(String),
    kind Enum8('unspecified' = 0, 'internal' = 1, 'server' = 2, 'client' = 3, 'producer' = 4, 'consumer' = 5),
    root Bool,
    rows SimpleAggregateFunction(sum, UInt64),
    weight SimpleAggregateFunction(sum, Float64),
    error_weight SimpleAggregateFunction(sum, Float64),
    duration_weight_ns SimpleAggregateFunction(sum, Float64),
    -- log bucket (core/model/duration-buckets.ts) to weight
    duration_buckets SimpleAggregateFunction(sumMap, Map(Int16, Float64))
)
ENGINE = AggregatingMergeTree
PARTITION BY toDate(minute)
ORDER BY (tenant, minute, signal, service, name, kind, root)
SETTINGS non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, old_parts_lifetime = 60,
    ttl_only_drop_parts = 1
;
CREATE TABLE IF NOT EXISTS attribute_catalogue
(
    tenant LowCardinality(String),
    hour DateTime,
    signal Enum8('span' = 1, 'log' = 2, 'event' = 3),
    scope Enum8('attribute' = 1, 'resource' = 2),
    service LowCardinality(String),
    key LowCardinality(String),
    type Enum8('string' = 1, 'number' = 2, 'bool' = 3),
    -- '' is the row of the key itself; values are bounded per service, key and hour
    value String,
    rows SimpleAggregateFunction(sum, UInt64),
    last_seen SimpleAggregateFunction(max, DateTime)
)
ENGINE = AggregatingMergeTree
PARTITION BY toDate(hour)
ORDER BY (tenant, hour, key, scope, type, value, service, signal)
SETTINGS non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, old_parts_lifetime = 60,
    ttl_only_drop_parts = 1
;
CREATE TABLE IF NOT EXISTS resources
(
    tenant LowCardinality(String),
    day Date,
    resource_id UInt64,
    service LowCardinality(String),
    attr_str Map(LowCardinality(String), String),
    attr_num Map(LowCardinality(String), Float64),
    attr_bool Map(LowCardinality(String), Bool),
    attr_meta Map(LowCardinality(String), String),
    last_seen DateTime64(3)
)
ENGINE = ReplacingMergeTree(last_seen)
PARTITION BY day
ORDER BY (tenant, resource_id)
SETTINGS non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, old_parts_lifetime = 60,
    ttl_only_drop_parts = 1
;
CREATE TABLE IF NOT EXISTS metric_series
(
    tenant LowCardinality(String),
    day Date,
    metric LowCardinality(String),
    series_id UInt64,
    type Enum8('gauge' = 1, 'sum' = 2, 'histogram' = 3, 'exponential_histogram' = 4, 'summary' = 5),
    unit LowCardinality(String),
    description String CODEC(ZSTD(1)),
    temporality Enum8('unspecified' = 0, 'delta' = 1, 'cumulative' = 2),
    monotonic Bool,
    service LowCardinality(String),
    resource_id UInt64,
    scope_name LowCardinality(String),
    scope_version LowCardinality(String),
    attr_str Map(LowCardinality(String), String),
    attr_num Map(LowCardinality(String), Float64),
    attr_bool Map(LowCardinality(String), Bool),
    attr_meta Map(LowCardinality(String), String),
    last_seen DateTime64(3)
)
ENGINE = ReplacingMergeTree(last_seen)
PARTITION BY day
ORDER BY (tenant, metric, series_id)
SETTINGS non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, old_parts_lifetime = 60,
    ttl_only_drop_parts = 1
;
CREATE TABLE IF NOT EXISTS metric_points
(
    tenant LowCardinality(String),
    metric LowCardinality(String),
    series_id UInt64,
    time DateTime64(9) CODEC(Delta, ZSTD(1)),
    start_time DateTime64(9) CODEC(Delta, ZSTD(1)),
    ingest_time DateTime64(3) CODEC(Delta, ZSTD(1)),
    flags UInt32 CODEC(ZSTD(1)),
    value_type Enum8('none' = 0, 'double' = 1, 'int' = 2),
    value Float64 CODEC(ZSTD(1)),
    value_int Int64 CODEC(ZSTD(1)),
    count UInt64 CODEC(ZSTD(1)),
    sum Float64 CODEC(ZSTD(1)),
    -- bit 0: sum present · bit 1: min present · bit 2: max present
    stats_present UInt8,
    min Float64 CODEC(ZSTD(1)),
    max Float64 CODEC(ZSTD(1)),
    bounds Array(Float64) CODEC(ZSTD(1)),
    bucket_counts Array(UInt64) CODEC(ZSTD(1)),
    scale Int32 CODEC(ZSTD(1)),
    zero_count UInt64 CODEC(ZSTD(1)),
    zero_threshold Float64 CODEC(ZSTD(1)),
    positive_offset Int32 CODEC(ZSTD(1)),
    positive_counts Array(UInt64) CODEC(ZSTD(1)),
    negative_offset Int32 CODEC(ZSTD(1)),
    negative_counts Array(UInt64) CODEC(ZSTD(1)),
    quantiles Array(Float64) CODEC(ZSTD(1)),
    quantile_values Array(Float64) CODEC(ZSTD(1)),
    exemplar_time Array(DateTime64(9)) CODEC(ZSTD(1)),
    exemplar_value Array(Float64) CODEC(ZSTD(1)),
    exemplar_trace_id Array(FixedString(16)) CODEC(ZSTD(1)),
    exemplar_span_id Array(FixedString(8)) CODEC(ZSTD(1)),
    exemplar_attributes Array(String) CODEC(ZSTD(1)),
    block_id UInt64 CODEC(ZSTD(1)),
    row_no UInt32 CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toDate(time)
ORDER BY (tenant, metric, series_id, time)
SETTINGS non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, old_parts_lifetime = 60,
    ttl_only_drop_parts = 1
;
-- the ledger: what happened to everything that was sent, per minute of arrival
CREATE TABLE IF NOT EXISTS ingest_minute
(
    tenant LowCardinality(String),
    minute DateTime,
    signal Enum8('span' = 1, 'log' = 2, 'event' = 3, 'metric' = 4),
    outcome Enum8('accepted' = 1, 'rejected' = 2, 'resent' = 3, 'refused' = 4),
    -- '' for accepted; a code of the error catalogue otherwise
    reason LowCardinality(String),
    requests SimpleAggregateFunction(sum, UInt64),
    items SimpleAggregateFunction(sum, UInt64),
    bytes SimpleAggregateFunction(sum, UInt64)
)
ENGINE = AggregatingMergeTree
PARTITION BY toDate(minute)
ORDER BY (tenant, minute, signal, outcome, reason)
SETTINGS non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, old_parts_lifetime = 60,
    ttl_only_drop_parts = 1
