/** How many rows the group of a number has, 10 to 109: known to the victim and to its judge. */
export const rowsOf = (group: number): number => 10 + ((group * 37) % 100)
