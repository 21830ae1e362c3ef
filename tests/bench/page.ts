import { chromium } from 'playwright-core'
import { chromiumArgs, findChromium } from '../harness/chromium.ts'
import { OrielProcess } from '../harness/oriel-process.ts'

/** First load of the UI in a real browser with an empty cache: JavaScript over the wire, and until services are on screen. */
export async function run(): Promise<Record<string, number>> {
  const found = findChromium()
  if ('reason' in found) throw new Error(found.reason)
  const oriel = await OrielProcess.start()
  const browser = await chromium.launch({ executablePath: found.path, args: chromiumArgs })
  try {
    const page = await browser.newPage()
    const session = await page.context().newCDPSession(page)
    await session.send('Network.enable')
    const scripts = new Set<string>()
    let bytes = 0
    session.on('Network.responseReceived', ({ requestId, response }) => {
      if (/javascript/.test(response.mimeType)) scripts.add(requestId)
    })
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (scripts.has(requestId)) bytes += encodedDataLength
    })
    const startedMs = performance.now()
    await page.goto(oriel.apiUrl)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    const readyMs = performance.now() - startedMs
    await page.waitForLoadState('networkidle')
    return { js_kb: Math.round(bytes / 102.4) / 10, ready_ms: Math.round(readyMs) }
  } finally {
    await browser.close()
    await oriel.stop()
  }
}
