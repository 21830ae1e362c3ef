// time
export { ManualClock } from './manual-clock.ts'
// values
export { invalidUtf8, nastyIntegers, nastyNumbers, nastyTexts, nastyTimesMs } from './nasty-values.ts'
// generated (fast-check)
export { predicates, regularExpressions, sampleEvents } from './predicate-arbitraries.ts'
export type { SampleEvent } from './sample-event.ts'
export { viewOf } from './sample-event.ts'
