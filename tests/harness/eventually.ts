/** Asks again until the answer satisfies, or fails with the last answer after the time given. */
export async function eventually<T>(
  ask: () => Promise<T>,
  satisfies: (answer: T) => boolean,
  timeoutMs = 15_000,
): Promise<T> {
  const deadlineMs = Date.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (satisfies(answer)) return answer
    if (Date.now() > deadlineMs) {
      throw new Error(
        `not satisfied within ${timeoutMs} ms; the last answer was ${JSON.stringify(answer).slice(0, 2000)}`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
