// the app

// ports its host fills
export type { KeyVerifier, Scope, VerifiedKey } from './api/access.ts'
export type {
  ApiPorts,
  DeadLetter,
  DeadLetterAdmin,
  KeyAdmin,
  KeyInfo,
  RequestEvent,
  RequestEvents,
} from './api/ports.ts'
export type { QueryApp, QueryDependencies } from './app.ts'
export { createQuery } from './app.ts'
export type { QuerySettings } from './config.ts'
export { querySettings } from './config.ts'
export { aggregateEvents } from './execute/aggregate-events.ts'
export type { IngestState } from './execute/ingest-status.ts'
export type { Completeness } from './execute/reader.ts'
// the reader, for packages that ask questions of their own
export { Inquiry, Reader } from './execute/reader.ts'
export { searchEvents } from './execute/search-events.ts'
