import { trace } from '@opentelemetry/api'
import { log, serve, step } from './service.ts'

const { PROVIDER_URL } = process.env

serve({
  'POST /charge': async ({ body }) => {
    const region = String(body.region)
    const provider = region === 'eu-south' || Math.random() < 0.3 ? 'nordpay' : 'cardly'
    trace.getActiveSpan()?.setAttributes({ 'payment.region': region, 'payment.provider': provider })
    const charge = {
      'payment.region': region,
      'payment.provider': provider,
      'payment.amount_cents': Number(body.amountCents),
    }
    await step('provider.authorise', charge, async (span) => {
      const response = await fetch(`${PROVIDER_URL}/authorise?provider=${provider}&region=${region}`, {
        method: 'POST',
      })
      span.setAttribute('http.response.status_code', response.status)
      if (response.status === 504) {
        span.setAttribute('error.type', 'timeout')
        log('error', `${provider} timed out for ${region}`, charge)
        throw new Error(`payment provider ${provider} timed out`)
      }
      span.addEvent('authorised', { 'payment.provider': provider })
    })
    return { status: 200, body: { charged: true } }
  },
})
