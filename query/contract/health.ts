/** GET /health : no key needed */
export interface HealthAnswer {
  readonly status: 'ready' | 'starting' | 'stopping' | 'degraded'
  readonly version: string
  readonly reasons: readonly string[]
}
