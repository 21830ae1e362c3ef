import { z } from '@hono/zod-openapi'

const instant = z
  .union([z.number(), z.string().max(64)])
  .openapi({ description: 'Unix ms, RFC 3339, or relative such as now-1h', example: 'now-1h' })
const range = { from: instant, to: instant }
const where = z
  .string()
  .max(16_384)
  .optional()
  .openapi({ example: 'service = "checkout" and duration > 500ms' })
const signals = z
  .array(z.enum(['span', 'log', 'event']))
  .max(3)
  .optional()
const field = z.string().min(1).max(512)
const stepMs = z.union([z.number().positive(), z.literal('auto')]).optional()
const limit = z.number().int().positive().optional()

export const searchBody = z.strictObject({
  ...range,
  where,
  signals,
  limit,
  cursor: z.string().max(4096).optional(),
  order: z.enum(['newest', 'oldest']).optional(),
  attributes: z.array(field).max(200).optional(),
})

const aggregate = z.discriminatedUnion('op', [
  z.strictObject({ op: z.enum(['count', 'rate', 'error_rate']) }),
  z.strictObject({ op: z.enum(['sum', 'avg', 'min', 'max', 'distinct']), field }),
  z.strictObject({ op: z.literal('percentile'), field, p: z.number().positive().max(1) }),
])

export const aggregateBody = z.strictObject({
  ...range,
  where,
  signals,
  aggregates: z.array(aggregate).min(1).max(10),
  groupBy: z.array(field).max(5).optional(),
  top: z.number().int().positive().optional(),
  stepMs,
})

export const heatmapBody = z.strictObject({
  ...range,
  where,
  signals,
  field: field.optional(),
  columns: z.number().int().positive().optional(),
})

export const metricQueryBody = z.strictObject({
  ...range,
  metric: z.string().min(1).max(1024),
  op: z.enum(['rate', 'increase', 'sum', 'avg', 'min', 'max', 'last', 'percentile']),
  p: z.number().positive().max(1).optional(),
  groupBy: z.array(field).max(5).optional(),
  where,
  stepMs,
  top: z.number().int().positive().max(1000).optional(),
})

export const sqlBody = z.strictObject({ sql: z.string().min(1).max(20_000) })
export const predicateBody = z.strictObject({ where: z.string().max(16_384) })
export const sessionBody = z.strictObject({ key: z.string().min(1).max(512) })
export const keyBody = z.strictObject({
  name: z.string().min(1).max(200),
  tenant: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/)
    .default('default'),
  scopes: z
    .array(z.enum(['ingest', 'read', 'admin']))
    .min(1)
    .max(3),
})

/** In a query string everything is text; a range that is missing is the last hour. */
const textRange = {
  from: z.string().max(64).default('now-1h').openapi({ example: 'now-1h' }),
  to: z.string().max(64).default('now').openapi({ example: 'now' }),
}
const textLimit = z.coerce.number().int().positive().optional()
const prefix = z.string().max(512).optional()

export const rangeQuery = z.object(textRange)
export const prefixQuery = z.object({ ...textRange, prefix, limit: textLimit })
export const valuesQuery = z.object({
  ...textRange,
  prefix,
  limit: textLimit,
  service: z.string().max(512).optional(),
})
export const limitQuery = z.object({ ...textRange, limit: textLimit })
export const tracesQuery = z.object({
  ...textRange,
  where,
  limit: textLimit,
  cursor: z.string().max(512).optional(),
})
export const traceQuery = z.object({ limit: textLimit, after: z.string().max(64).optional() })
export const eventQuery = z.object({ timeNs: z.string().max(20) })

/** Answers are typed by the contract; the document names the type, which contract.ts describes. */
export function answerOf<T>(name: string) {
  return z.custom<T>().openapi(name, { type: 'object', description: `${name} of @oriel/query/contract` })
}
