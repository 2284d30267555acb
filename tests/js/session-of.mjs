import { Draft } from "../../annotations/static/annotations/js/lib/draft.js"
import { Layer } from "../../annotations/static/annotations/js/lib/layer.js"
import { Session } from "../../annotations/static/annotations/js/lib/session.js"
import { Unfinished } from "../../annotations/static/annotations/js/lib/unfinished.js"
import { atribusi } from "./schema-of.mjs"

/** A session over an article, as the desk has one; `sent` holds the operations of each step. */
export function sessionOf(article) {
  const sent = []
  const unfinished = new Unfinished(atribusi)
  const draft = new Draft(new Layer(), 0, atribusi, (ids) => {
    session.changed(ids)
    unfinished.follow(draft.view, ids)
  })
  const session = new Session(article, draft, atribusi, async (made) => {
    sent.push(made)
    draft.add(made)
  })
  return { session, draft, sent, unfinished }
}
