/** Of partial_success: far below OTLP's 4 MiB for an answer. */
export const warningCharactersMax = 2000
/** Of a refusal: over gRPC it travels in trailers, three times, and some clients take 8 KiB of them. */
export const refusalCharactersMax = 400

/** Cuts between characters, never inside a surrogate pair, and says so with an ellipsis. */
export function shortened(message: string, charactersMax: number): string {
  if (message.length <= charactersMax) return message
  const cut = message.slice(0, charactersMax)
  const code = cut.charCodeAt(cut.length - 1)
  return `${code >= 0xd800 && code <= 0xdbff ? cut.slice(0, -1) : cut}…`
}
