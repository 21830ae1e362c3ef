/** Loaded with --import before a shop service: the OpenTelemetry SDK as any user would set it up. */
import { createRequire } from 'node:module'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { NodeSDK } from '@opentelemetry/sdk-node'

const sdk = new NodeSDK({ instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation()] })
sdk.start()
// The instrumentation patches node:http when it is required; an ES import alone would pass it by.
createRequire(import.meta.url)('node:http')

const stop = () => {
  sdk.shutdown().then(
    () => process.exit(0),
    () => process.exit(1),
  )
}
process.once('SIGTERM', stop)
process.once('SIGINT', () => undefined)
process.once('disconnect', stop)
