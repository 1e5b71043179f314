/** Codes of control, of direction and of the end of lines; without the two that join or part letters. */
const unseen = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu
/** Of U+2400, which has a picture for each of the first 32 codes. */
const pictures = 0x2400
const delPicture = '\u2421'

/** Text of others for a terminal: what would be done is shown instead. One line stays one line. */
export function visible(text: string): string {
  return text.replace(unseen, one => {
    const code = one.codePointAt(0)!
    if (code < 0x20) return String.fromCodePoint(pictures + code)
    return code === 0x7f ? delPicture : `\\u{${code.toString(16)}}`
  })
}
