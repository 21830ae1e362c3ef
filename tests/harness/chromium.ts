import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/**
 * A Chromium to test with: ORIEL_CHROMIUM, else the usual places, else, with CI=true or ORIEL_INSTALL=1, Debian's package.
 * Without one the reason is given, to be printed with the skip.
 */
export function findChromium(): { readonly path: string } | { readonly reason: string } {
  const given = process.env.ORIEL_CHROMIUM
  if (given !== undefined)
    return existsSync(given)
      ? { path: given }
      : { reason: `ORIEL_CHROMIUM names ${given}, which does not exist` }
  const found = usualPlaces.find((path) => existsSync(path))
  if (found !== undefined) return { path: found }
  if (process.env.CI !== 'true' && process.env.ORIEL_INSTALL !== '1') {
    return {
      reason:
        'no Chromium found; name one with ORIEL_CHROMIUM, or set ORIEL_INSTALL=1 to install it with apt-get',
    }
  }
  return installed()
}

function installed(): ReturnType<typeof findChromium> {
  const path = '/usr/bin/chromium'
  try {
    execFileSync('apt-get', ['update'], { stdio: 'pipe' })
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { stdio: 'pipe' })
  } catch (error) {
    return { reason: `chromium could not be installed: ${error instanceof Error ? error.message : error}` }
  }
  return existsSync(path) ? { path } : { reason: `the package chromium left no ${path}` }
}

export const chromiumArgs = ['--no-sandbox', '--disable-quic', '--disable-background-networking']
