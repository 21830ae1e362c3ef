import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { AnswerMeta } from '../contract.ts'
import type { Inquiry, Reader } from '../execute/reader.ts'
import { requireScope } from './access.ts'
import type { ApiEnv } from './ports.ts'
import { answerOf } from './schemas.ts'

export type Api = OpenAPIHono<ApiEnv>

/** A schema whose output is what the route's handler takes. */
type Input = z.ZodObject

interface RouteParts<B extends Input, Q extends Input, P extends Input> {
  readonly method: 'get' | 'post'
  readonly path: string
  readonly summary: string
  readonly answer: string
  readonly body?: B
  readonly query?: Q
  readonly params?: P
}

/** The part of a route that differs from question to question. */
export function questionRoute<
  T extends { readonly meta: AnswerMeta },
  B extends Input = z.ZodObject<Record<never, never>>,
  Q extends Input = z.ZodObject<Record<never, never>>,
  P extends Input = z.ZodObject<Record<never, never>>,
>(
  api: Api,
  reader: Reader,
  parts: RouteParts<B, Q, P> & {
    readonly scope?: 'read' | 'admin'
    readonly run: (
      inquiry: Inquiry,
      given: { body: z.output<B>; query: z.output<Q>; params: z.output<P> },
    ) => Promise<T>
  },
): void {
  const route = createRoute({
    method: parts.method,
    path: parts.path,
    summary: parts.summary,
    request: {
      ...(parts.body === undefined
        ? {}
        : { body: { required: true, content: { 'application/json': { schema: parts.body } } } }),
      ...(parts.query === undefined ? {} : { query: parts.query }),
      ...(parts.params === undefined ? {} : { params: parts.params }),
    },
    responses: {
      200: {
        description: parts.answer,
        content: { 'application/json': { schema: answerOf<unknown>(parts.answer) } },
      },
      default: {
        description: 'ErrorAnswer',
        content: { 'application/json': { schema: answerOf<unknown>('ErrorAnswer') } },
      },
    },
  })
  // the schemas are checked above; their types are carried here, where the library cannot follow a generic route
  const handler = async (context: Context<ApiEnv>) => {
    const given = {
      body: parts.body === undefined ? {} : context.req.valid('json' as never),
      query: parts.query === undefined ? {} : context.req.valid('query' as never),
      params: parts.params === undefined ? {} : context.req.valid('param' as never),
    } as { body: z.output<B>; query: z.output<Q>; params: z.output<P> }
    const inquiry = openInquiry(context, reader, parts.scope ?? 'read')
    const answer = await parts.run(inquiry, given)
    context.set('rowsRead', answer.meta.rowsRead)
    context.set('bytesRead', answer.meta.bytesRead)
    return context.json(answer)
  }
  api.openapi(route, handler as never)
}

/** The request's own signal: closing the connection stops the query. */
export function openInquiry(context: Context<ApiEnv>, reader: Reader, scope: 'read' | 'admin'): Inquiry {
  const access = context.get('access')
  if (access === undefined) throw new Error('a route was reached without access')
  requireScope(access, scope)
  return reader.open({
    tenant: access.tenant,
    requestId: context.get('requestId'),
    signal: context.req.raw.signal,
  })
}

export const nameParams = (name: string) => z.object({ [name]: z.string().min(1).max(1024) })
