import type { Clock, Config, Logger } from '@oriel/core'
import { decodeSettings, ingestSettings, type OnGroup, WorkerPool } from '@oriel/ingest'
import { storageSettings } from '@oriel/storage'

const bootTickMs = 250

/** The decode workers with the settings in force. */
export function createPool(config: Config, clock: Clock, logger: Logger, onGroup: OnGroup): WorkerPool {
  const { workers, lingerMs, ...limits } = config.get(decodeSettings)
  const { retentionSpansMs, retentionLogsMs, retentionEventsMs, retentionMetricsMs } =
    config.get(storageSettings)
  return new WorkerPool({
    onGroup,
    // 32 bits that no other start on this data directory has: the lock keeps starts further apart than a tick
    bootId: Math.floor(clock.nowMs() / bootTickMs) >>> 0,
    ...(workers === 0 ? {} : { workers }),
    lingerMs,
    bodyBytesMax: config.get(ingestSettings).bodyBytesMax,
    limits: {
      ...limits,
      retentionMs: Math.max(retentionSpansMs, retentionLogsMs, retentionEventsMs),
      metricsRetentionMs: retentionMetricsMs,
    },
    onWorkerCrash: (error) => logger.error('a decode worker died and was replaced', { error: error.message }),
  })
}
