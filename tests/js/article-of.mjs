import { Article, Block } from "../../annotations/static/annotations/js/lib/article.js"

/** An article of the given blocks, as the desk would read it from the page. */
export function articleOf(language, ...texts) {
  let start = 0
  const blocks = texts.map((text) => {
    const end = start + [...text].length
    const block = new Block(start, end, () => text, language)
    start = end
    return block
  })
  return new Article(blocks)
}
