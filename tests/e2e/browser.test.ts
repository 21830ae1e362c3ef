import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Shop } from '../../deploy/demo/shop.ts'
import { chromiumArgs, findChromium } from '../harness/chromium.ts'
import { eventually } from '../harness/eventually.ts'
import { OrielProcess } from '../harness/oriel-process.ts'
import { order, orderUntilOneFails } from '../harness/shop-orders.ts'

const found = findChromium()
if ('reason' in found) {
  if (process.env.CI === 'true') throw new Error(`browser tests may not be skipped here: ${found.reason}`)
  process.stderr.write(`browser tests skipped: ${found.reason}\n`)
}

const webBuild = fileURLToPath(new URL('../../web/build/index.html', import.meta.url))
const artefacts = fileURLToPath(new URL('../artefacts/', import.meta.url))
const services = ['cart', 'catalogue', 'checkout', 'gateway', 'payment']
const failing = 'service = "payment" and error = true'
const orphanTrace = '5b8efff798038103d269b633813fc60c'
const wide = { width: 1440, height: 900 }
const narrow = { width: 390, height: 844 }

let oriel: OrielProcess
let browser: Browser
let page: Page
/** What the browser complained of; every test must leave it empty. */
const complaints: string[] = []

describe.skipIf('reason' in found)('the web interface', () => {
  beforeAll(async () => {
    if (!existsSync(webBuild)) throw new Error('web/build is missing: run `npm run build` first')
    await mkdir(artefacts, { recursive: true })
    oriel = await OrielProcess.start()
    const shop = new Shop(oriel.otlpUrl)
    await shop.start()
    expect(await order(shop.gatewayUrl, { customer: 'regular', region: 'us-east' })).toBe(201)
    await orderUntilOneFails(shop.gatewayUrl)
    await shop.stop()
    await sendOrphan()
    await eventually(
      () => fetch(`${oriel.apiUrl}/api/v1/traces/${orphanTrace}`).then(({ status }) => status),
      (status) => status === 200,
    )
    browser = await chromium.launch({
      executablePath: 'path' in found ? found.path : '',
      args: chromiumArgs,
    })
    page = await browser.newPage({ viewport: wide, reducedMotion: 'reduce' })
    page.setDefaultTimeout(8000)
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? ''
      // a question that is no longer wanted is called off
      if (why !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${why}`)
    })
    page.on('response', (response) => {
      if (response.status() >= 400) complaints.push(`${response.url()} answered ${response.status()}`)
    })
  })

  beforeEach(({ onTestFinished }) => {
    complaints.length = 0
    onTestFinished(() => expect(complaints).toEqual([]))
  })

  afterAll(async () => {
    await browser?.close()
    await oriel?.stop()
  })

  it('lists the shop and leads from a service to its errors', async () => {
    await open('/')
    const table = page.getByRole('region', { name: 'Services' })
    await table.getByRole('link', { name: 'payment' }).waitFor()
    const names = await table.getByRole('row').getByRole('link').allTextContents()
    // Oriel, which watches itself with itself, is a service like others
    const others = names.map((name) => name.trim()).filter((name) => name !== 'oriel')
    expect(others.sort()).toEqual(services)
    await photograph('services')
    await table.getByRole('link', { name: 'payment' }).click()
    const operations = page.getByRole('region', { name: 'Operations' })
    await operations.getByText('POST /charge').waitFor()
    await photograph('service')
    await page.getByRole('link', { name: 'Its errors' }).click()
    await page.waitForURL('**/explore?*')
    expect(await predicate().inputValue()).toBe('service = "payment" and status = "error"')
    expect(await rows().first().textContent()).toContain('payment')
  })

  it('answers a predicate as it is typed, and keeps it in the address', async () => {
    await open('/explore')
    await rows().first().waitFor()
    await predicate().click()
    await predicate().pressSequentially(failing)
    await predicate().press('Escape')
    await predicate().press('Enter')
    await page.waitForURL((url) => url.searchParams.get('q') === failing)
    await page.getByText('These are all.').waitFor()
    const texts = await rows().allTextContents()
    expect(texts.length).toBeGreaterThan(0)
    expect(texts.filter((text) => !text.includes('payment'))).toEqual([])
    await photograph('explore')
    await page.reload()
    await page.getByText('These are all.').waitFor()
    expect(await predicate().inputValue()).toBe(failing)
    expect(await rows().count()).toBe(texts.length)
  })

  it('shows what is wrong with a broken predicate, and where', async () => {
    await open('/explore')
    await predicate().fill('service = = "payment"')
    await page.locator('[role=status]', { hasText: /\S/ }).first().waitFor()
    expect(await predicate().getAttribute('aria-invalid')).toBe('true')
    expect(await page.locator('search .fault').allTextContents()).toContain('=')
    await photograph('broken-predicate')
    await predicate().press('Enter')
    expect(new URL(page.url()).searchParams.get('q')).toBeNull()
  })

  it('leads from an event to its span in the trace, by keyboard from there', async () => {
    await open(`/explore?q=${encodeURIComponent(`${failing} and name = "provider.authorise"`)}`)
    await rows().first().click()
    await page.getByRole('link', { name: 'Open the trace' }).click()
    await page.waitForURL('**/traces/*')
    const panel = page.getByRole('region', { name: 'Span', exact: true })
    await panel.getByRole('heading', { name: 'provider.authorise' }).waitFor()
    expect(await panel.textContent()).toContain('payment.region')
    expect(await page.getByText(/\d+ errors?$/).count()).toBeGreaterThan(0)
    await panel.getByRole('tab', { name: /Events 1/ }).click()
    await panel.getByText('payment provider nordpay timed out').first().waitFor()
    await panel.getByRole('tab', { name: /Logs 1/ }).click()
    await panel.getByText('nordpay timed out for eu-south').waitFor()
    await photograph('trace')
    const before = await selected()
    await page.keyboard.press('k')
    await eventually(selected, (text) => text !== before)
    await panel.getByRole('heading', { name: 'provider.authorise' }).waitFor({ state: 'detached' })
    await page.keyboard.press('j')
    await eventually(selected, (text) => text === before)
    await panel.getByRole('heading', { name: 'provider.authorise' }).waitFor()
  })

  it('zooms into the chart by dragging, and back', async () => {
    await open('/explore')
    await rows().first().waitFor()
    await settled()
    const chart = page.getByRole('img', { name: /^Events over time/ })
    const box = (await chart.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    const y = box.y + box.height / 2
    await page.mouse.move(box.x + box.width * 0.5, y)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.75, y, { steps: 4 })
    await page.mouse.up()
    await page.waitForURL((url) => /^\d+$/.test(url.searchParams.get('from') ?? ''))
    const { searchParams } = new URL(page.url())
    const minutes = (Number(searchParams.get('to')) - Number(searchParams.get('from'))) / 60_000
    expect(minutes).toBeGreaterThan(12)
    expect(minutes).toBeLessThan(20)
    await page.getByText('No event in this time').waitFor()
    await page.keyboard.press('z')
    await rows().first().waitFor()
    expect(new URL(page.url()).searchParams.get('from')).toBe('now-1h')
  })

  it('pages through older events and opens one by keyboard', async () => {
    await open('/explore?signals=span')
    const older = page.getByRole('button', { name: 'Older' })
    await older.waitFor()
    expect(await rows().count()).toBe(50)
    await older.click()
    await eventually(
      () => rows().count(),
      (count) => count === 100,
    )
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.searchParams.has('row'))
    expect(await page.getByRole('link', { name: 'Open the trace' }).count()).toBe(1)
  })

  it('goes from page to page and tells its keys by keyboard alone', async () => {
    await open('/services')
    await page.getByRole('region', { name: 'Services' }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('heading', { name: 'Keyboard' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'Keyboard' }).waitFor({ state: 'hidden' })
    for (const [key, path] of [
      ['e', '/explore'],
      ['t', '/traces'],
      ['i', '/ingest'],
      ['s', '/services'],
    ] as const) {
      await page.keyboard.press('g')
      await page.keyboard.press(key)
      await page.waitForURL(`**${path}*`)
    }
  })

  it('draws the waterfall', async () => {
    await open('/traces')
    await page.getByRole('link', { name: 'POST /orders' }).first().click()
    const canvas = page.locator('[role=tree] canvas')
    await canvas.waitFor()
    const colors = () => page.evaluate<number>(countColors)
    // five services, their text and its smoothing: a blank canvas has one
    await eventually(colors, (count) => count > 20)
    await page.goBack()
    await photograph('traces')
  })

  it('says that a parent is missing', async () => {
    await open(`/traces/${orphanTrace}`)
    await page.getByText('1 parent span missing').waitFor()
    await photograph('missing-parent')
  })

  it('accounts for what came in', async () => {
    await open('/ingest')
    const ledger = page.getByRole('region', { name: 'Ledger' })
    await ledger.waitFor()
    const spans = await ledger.getByRole('row', { name: /^span/ }).first().getByRole('cell').allTextContents()
    expect(Number(spans[3]?.replaceAll(/\D/g, ''))).toBeGreaterThan(50)
    expect(await ledger.getByRole('row', { name: /^(log|metric) stored/ }).count()).toBe(2)
    await photograph('ingest')
  })

  it('changes the theme and remembers it', async () => {
    await open('/services')
    const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
    await chooseTheme('light')
    const light = await background()
    await page.reload()
    await eventually(shownTheme, (theme) => theme === 'light')
    expect(await background()).toBe(light)
    await chooseTheme('dark')
    expect(await background()).not.toBe(light)
  })

  it.each([
    ['services', '/services'],
    ['service', '/services/payment'],
    ['explore', `/explore?q=${encodeURIComponent(failing)}`],
    ['explore by group', '/explore?by=service,name'],
    ['heatmap', '/explore?show=heatmap'],
    ['traces', '/traces'],
    ['trace', `/traces/${orphanTrace}`],
    ['ingest', '/ingest'],
    ['nowhere', '/nowhere'],
  ])('fits %s into 390 pixels', async (_, path) => {
    await page.setViewportSize(narrow)
    await open(path)
    await page.locator('main').waitFor()
    await settled()
    const width = await page.evaluate<number>('document.documentElement.scrollWidth')
    await page.setViewportSize(wide)
    expect(width).toBeLessThanOrEqual(narrow.width)
  })
})

const open = (path: string) => page.goto(`${oriel.apiUrl}${path}`)
const predicate = () => page.getByRole('combobox', { name: 'Predicate' })
const rows = () => page.locator('[data-row]')
const shownTheme = () => page.evaluate<string | undefined>('document.documentElement.dataset.theme')
const selected = () => page.locator('#selected-span').textContent()

/** Nothing is being asked and nothing stands in for an answer. */
async function settled(): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.locator('[aria-busy=true]').waitFor({ state: 'detached' })
}

/** Run in the page: how many colours the waterfall is drawn in. */
const countColors = `(() => {
  const canvas = document.querySelector('[role=tree] canvas')
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  return new Set(new Uint32Array(data.buffer)).size
})()`

/** The button goes round dark, light and system. */
async function chooseTheme(theme: 'dark' | 'light'): Promise<void> {
  const button = page.getByRole('button', { name: /theme/i })
  for (let press = 0; press < 3; press += 1) {
    if ((await button.getAttribute('title'))?.startsWith(`Theme: ${theme}.`)) break
    await button.click()
  }
  await eventually(shownTheme, (shown) => shown === theme)
}

/** Both themes at both widths, into tests/artefacts; for the eye, not compared. */
async function photograph(name: string): Promise<void> {
  await settled()
  for (const theme of ['dark', 'light'] as const) {
    await chooseTheme(theme)
    for (const viewport of [wide, narrow]) {
      await page.setViewportSize(viewport)
      await page.screenshot({ path: `${artefacts}${name}-${viewport.width}-${theme}.png` })
    }
  }
  await page.setViewportSize(wide)
}

/** A span whose parent never arrives, by hand over OTLP/JSON. */
async function sendOrphan(): Promise<void> {
  const startNs = BigInt(Date.now()) * 1_000_000n
  const span = {
    traceId: orphanTrace,
    spanId: 'eee19b7ec3c1b174',
    parentSpanId: 'eee19b7ec3c1b173',
    name: 'send receipt',
    kind: 5,
    startTimeUnixNano: String(startNs),
    endTimeUnixNano: String(startNs + 250_000_000n),
  }
  const service = { key: 'service.name', value: { stringValue: 'checkout' } }
  const resourceSpans = [{ resource: { attributes: [service] }, scopeSpans: [{ spans: [span] }] }]
  const response = await fetch(`${oriel.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans }),
  })
  expect(response.status, await response.text()).toBe(200)
}
