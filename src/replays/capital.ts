/** As a sentence begins, also one that begins with a name: names stay as they were given. */
export function capital(sentence: string): string {
  const [first = ''] = sentence
  return first.toUpperCase() + sentence.slice(first.length)
}
