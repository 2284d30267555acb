-- What a load of many layers waited for, done in less time. The rules are those of 0002.

-- history ----------------------------------------------------------------------------------------
-- A loaded layer's history is one row of some kilobytes. Squeezing it took as long as all the rest
-- of the row; uncompressed and inline it is also read without a second look-up.
ALTER TABLE operation SET (toast_tuple_target = 8160);
ALTER TABLE operation ALTER COLUMN changes SET STORAGE EXTERNAL;

-- spans ------------------------------------------------------------------------------------------
-- The code points [start, stop) of a text, or as many of them as there are. substr() counts the
-- whole text first; this reads no further than to the end of the piece. (right(t, 0) is empty.)
CREATE OR REPLACE FUNCTION piece(t text, start int, stop int) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT left(CASE start WHEN 0 THEN t ELSE right(t, -start) END, stop - start) $$;

-- What the fragments cover; NULL where one ends past the text (piece would cut it short).
CREATE OR REPLACE FUNCTION slices(t text, f int4[]) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE r text[] := '{}'; i int := 1; cut text;
BEGIN
  WHILE i < cardinality(f) LOOP
    cut := piece(t, f[i], f[i + 1]);
    IF char_length(cut) <> f[i + 1] - f[i] THEN RETURN NULL; END IF;
    r := r || cut;
    i := i + 2;
  END LOOP;
  RETURN r;
END $$;

-- A span fits its assignment: it covers the text it says it covers, its label is of the schema,
-- its entity of the corpus's registry. Sound because no parent can move (see grants.sql).
CREATE OR REPLACE FUNCTION span_fits_on_insert() RETURNS trigger LANGUAGE plpgsql AS $fn$
DECLARE
  bad record;
  many CONSTANT text := $q$
    WITH known AS MATERIALIZED (SELECT schema_id, array_agg(id) AS labels FROM label GROUP BY schema_id),
    layer AS MATERIALIZED (
      SELECT d.assignment_id, c.registry_id, k.labels, t.text AS body,
             -- Cut once for all spans: whoever looks for a code point reads from the beginning.
             ARRAY(SELECT piece(t.text, 1000 * g, 1000 * g + 1000)
                     FROM generate_series(0, (t.length - 1) / 1000) g ORDER BY g) AS blocks
        FROM (SELECT DISTINCT assignment_id FROM fresh) d
        JOIN assignment a ON a.id = d.assignment_id
        JOIN known k ON k.schema_id = a.schema_id
        JOIN article_text t ON t.article_id = a.article_id
        JOIN corpus c ON c.id = a.corpus_id)
    SELECT n.id, (n.label_id = ANY(s.labels)) IS NOT TRUE AS no_label,
           n.entity_id IS NOT NULL AND NOT EXISTS (
             SELECT FROM entity e WHERE e.id = n.entity_id AND e.registry_id = s.registry_id) AS no_entity
      FROM fresh n LEFT JOIN layer s USING (assignment_id)
     WHERE (n.label_id = ANY(s.labels)) IS NOT TRUE
        OR n.entity_id IS NOT NULL AND NOT EXISTS (
             SELECT FROM entity e WHERE e.id = n.entity_id AND e.registry_id = s.registry_id)
        OR CASE WHEN cardinality(n.fragments) <> 2
                THEN slices(s.body, n.fragments) IS DISTINCT FROM n.text
                WHEN char_length(n.text[1]) <> n.fragments[2] - n.fragments[1] THEN true
                WHEN n.fragments[1] / 1000 = (n.fragments[2] - 1) / 1000
                THEN piece(s.blocks[n.fragments[1] / 1000 + 1], n.fragments[1] % 1000,
                           (n.fragments[2] - 1) % 1000 + 1) IS DISTINCT FROM n.text[1]
                ELSE piece(s.body, n.fragments[1], n.fragments[2]) IS DISTINCT FROM n.text[1] END
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
    EXECUTE many INTO bad;
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
