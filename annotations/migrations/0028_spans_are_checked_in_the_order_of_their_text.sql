-- Many spans are checked in the order of their text, which is walked through once. The rules are those
-- of 0002. (Whoever looks for a code point counts from the beginning: each span for itself had to.)
CREATE OR REPLACE FUNCTION span_fits_on_insert() RETURNS trigger LANGUAGE plpgsql AS $fn$
DECLARE
  bad record;
  one record;
  layer bigint;
  found_schema bigint;
  schema bigint;
  labels bigint[];
  body text;
  length int;
  rest text;  -- the body from `far` on
  far int;
  near text;  -- the body from `at` to `edge`: of a long text not all of it is copied for each span
  at int;
  edge int;
  cut text;
  no_entity CONSTANT text := $q$
    SELECT n.id, false AS no_label, true AS no_entity
      FROM fresh n
      JOIN assignment a ON a.id = n.assignment_id
      JOIN corpus c ON c.id = a.corpus_id
      LEFT JOIN entity e ON e.id = n.entity_id AND e.registry_id = c.registry_id
     WHERE n.entity_id IS NOT NULL AND e.id IS NULL
     LIMIT 1 $q$;
BEGIN
  IF (SELECT count(*) FROM (SELECT FROM fresh LIMIT 101) few) <= 100 THEN
    -- Few rows: the cached plan (nested loops) is right.
    SELECT n.id, l.id IS NULL AS no_label, n.entity_id IS NOT NULL AND e.id IS NULL AS no_entity
      INTO bad
      FROM fresh n
      LEFT JOIN assignment a ON a.id = n.assignment_id
      LEFT JOIN article_text t ON t.article_id = a.article_id
      LEFT JOIN corpus c ON c.id = a.corpus_id
      LEFT JOIN label l ON l.id = n.label_id AND l.schema_id = a.schema_id
      LEFT JOIN entity e ON e.id = n.entity_id AND e.registry_id = c.registry_id
     WHERE l.id IS NULL OR (n.entity_id IS NOT NULL AND e.id IS NULL)
        OR slices(t.text, n.fragments) IS DISTINCT FROM n.text
     LIMIT 1;
  ELSE
    -- Many rows: planned anew, with the true count.
    EXECUTE no_entity INTO bad;
    FOR one IN
      SELECT f.id, f.assignment_id, f.label_id, f.fragments, f.text, cardinality(f.fragments) / 2 AS pieces,
             f.fragments[1] AS start, f.fragments[2] AS stop, f.text[1] AS quote
        FROM fresh f ORDER BY f.assignment_id, f.fragments[1]
    LOOP
      EXIT WHEN bad IS NOT NULL;
      IF one.assignment_id IS DISTINCT FROM layer THEN
        layer := one.assignment_id;
        -- "|| ''": a text that is kept elsewhere is fetched once, not at each use.
        SELECT a.schema_id, t.text || '', t.length INTO found_schema, body, length
          FROM assignment a JOIN article_text t ON t.article_id = a.article_id WHERE a.id = layer;
        IF found_schema IS DISTINCT FROM schema THEN
          schema := found_schema;
          labels := ARRAY(SELECT l.id FROM label l WHERE l.schema_id = schema);
        END IF;
        rest := body; far := 0; near := ''; at := 0; edge := 0;
      END IF;
      -- Without its assignment or its text a span has no labels, either.
      IF (one.label_id = ANY (labels)) IS NOT TRUE THEN
        SELECT one.id, true AS no_label, false AS no_entity INTO bad;
        EXIT;
      END IF;
      IF one.stop > edge THEN
        IF one.start > far THEN rest := right(rest, far - one.start); far := one.start; END IF;
        at := far;
        IF length - at <= 8000 THEN
          edge := length; near := rest;
        ELSE
          edge := greatest(one.stop, at + 4000); near := left(rest, edge - at);
        END IF;
      ELSIF one.start > at THEN
        near := right(near, at - one.start); at := one.start;
      END IF;
      -- left() stops at the end of the text, and says nothing.
      IF one.stop > length OR left(near, one.stop - one.start) IS DISTINCT FROM one.quote THEN
        SELECT one.id, false AS no_label, false AS no_entity INTO bad;
        EXIT;
      END IF;
      FOR k IN 2 .. one.pieces LOOP
        IF one.fragments[2 * k] <= edge THEN
          cut := piece(near, one.fragments[2 * k - 1] - at, one.fragments[2 * k] - at);
        ELSE
          cut := piece(body, one.fragments[2 * k - 1], one.fragments[2 * k]);
        END IF;
        IF one.fragments[2 * k] > length OR cut IS DISTINCT FROM one.text[k] THEN
          SELECT one.id, false AS no_label, false AS no_entity INTO bad;
          EXIT;
        END IF;
      END LOOP;
    END LOOP;
  END IF;
  IF bad IS NOT NULL THEN
    IF bad.no_label THEN
      RAISE EXCEPTION 'span %: label of another schema', bad.id USING errcode = '23503', constraint = 'span_label';
    ELSIF bad.no_entity THEN
      RAISE EXCEPTION 'span %: entity of another registry', bad.id USING errcode = '23503', constraint = 'span_entity';
    ELSE
      RAISE EXCEPTION 'span % does not cover the text it quotes', bad.id USING errcode = '23514', constraint = 'span_text';
    END IF;
  END IF;
  RETURN NULL;
END $fn$;
