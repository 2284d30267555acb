import { Article, Block } from "../../annotations/static/annotations/js/lib/article.js"

/** An article of the given blocks, as the desk would read it from the page: what follows a line
 * break begins a paragraph, anything else goes on with the one before. */
export function articleOf(language, ...texts) {
  let start = 0
  const blocks = texts.map((text, number) => {
    const end = start + [...text].length
    const continues = number > 0 && !/[\n\r\x85\u2029]$/.test(texts[number - 1])
    const block = new Block(start, end, () => text, language, continues)
    start = end
    return block
  })
  return new Article(blocks)
}

/** Where the first occurrence of these words stands. */
export function rangeOf(article, words) {
  const all = article.slice(0, article.length)
  if (!all.includes(words)) throw new Error(`“${words}” is not in the text`)
  const start = [...all.slice(0, all.indexOf(words))].length
  return [start, start + [...words].length]
}
