import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface SenderReport {
  readonly acknowledged: number
  readonly seconds: number
  readonly ack_p50_ms: number
  readonly ack_p99_ms: number
  readonly refused: Readonly<Record<string, number>>
}

/** Runs the sender against an OTLP address; spansPerS 0 is as fast as it goes. */
export function runSender(otlpUrl: string, seconds: number, spansPerS = 0): Promise<SenderReport> {
  return runScript('./sender.ts', [otlpUrl, String(seconds), String(spansPerS)])
}

/** Runs a script of this folder in a process of its own and gives the JSON of its last line. */
export async function runScript<T>(path: string, args: readonly string[]): Promise<T> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(path, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '12' },
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk
  })
  const code = await new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
  })
  if (code !== 0) throw new Error(`${path} ended with ${code}`)
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as T
}
