/** An answer is far below OTLP's 4 MiB; a message longer than this helps nobody. Also what fits in a gRPC header. */
const messageCharactersMax = 2000

/** Cuts between characters, never inside a surrogate pair, and says so with an ellipsis. */
export function shortened(message: string): string {
  if (message.length <= messageCharactersMax) return message
  const cut = message.slice(0, messageCharactersMax)
  const code = cut.charCodeAt(cut.length - 1)
  return `${code >= 0xd800 && code <= 0xdbff ? cut.slice(0, -1) : cut}…`
}
