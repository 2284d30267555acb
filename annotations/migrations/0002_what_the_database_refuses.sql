-- What the database refuses by itself: foreign keys that cannot cross corpora, texts that do not
-- match, shapes that make no sense. The application checks first and says it kindly; this is the net.

-- text -------------------------------------------------------------------------------------------
-- Texts under 8 kB stay inline and uncompressed, so that a slice needs no unpacking.
ALTER TABLE article_text SET (toast_tuple_target = 8160);
ALTER TABLE article_text ALTER COLUMN text SET STORAGE EXTERNAL;
ALTER TABLE article_text
  ADD CONSTRAINT article_text_sha256 CHECK (sha256 = sha256(convert_to(text, 'UTF8'))),
  ADD CONSTRAINT article_text_length CHECK (length = char_length(text)),
  ADD CONSTRAINT article_text_of_article FOREIGN KEY (article_id, sha256, length)
      REFERENCES article (id, sha256, length);
ALTER TABLE article
  ADD CONSTRAINT article_sha256 CHECK (octet_length(sha256) = 32),
  ADD CONSTRAINT article_metadata CHECK (jsonb_typeof(metadata) = 'object'),
  ADD CONSTRAINT article_previous FOREIGN KEY (corpus_id, previous_id) REFERENCES article (corpus_id, id),
  ADD CONSTRAINT article_not_its_own_previous CHECK (previous_id <> id);

-- registry ---------------------------------------------------------------------------------------
ALTER TABLE entity
  ADD CONSTRAINT entity_merged_in_registry FOREIGN KEY (registry_id, merged_into_id)
      REFERENCES entity (registry_id, id);

-- campaigns and assignments ----------------------------------------------------------------------
ALTER TABLE assignment
  ADD CONSTRAINT assignment_of_campaign FOREIGN KEY (campaign_id, corpus_id, schema_id)
      REFERENCES campaign (id, corpus_id, schema_id),
  ADD CONSTRAINT assignment_of_article FOREIGN KEY (corpus_id, article_id)
      REFERENCES article (corpus_id, id);

-- spans ------------------------------------------------------------------------------------------
CREATE FUNCTION fragments_ok(f int4[]) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE last int := -1; x int;
BEGIN
  IF f IS NULL OR coalesce(array_ndims(f), 0) <> 1 OR array_lower(f, 1) <> 1 OR cardinality(f) % 2 <> 0
  THEN RETURN false; END IF;
  FOREACH x IN ARRAY f LOOP
    IF x IS NULL OR x <= last THEN RETURN false; END IF;
    last := x;
  END LOOP;
  RETURN true;
END $$;

-- What the fragments cover; NULL where one ends past the text (substr would cut it short).
CREATE FUNCTION slices(t text, f int4[]) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE r text[] := '{}'; i int := 1; piece text;
BEGIN
  WHILE i < cardinality(f) LOOP
    piece := substr(t, f[i] + 1, f[i + 1] - f[i]);
    IF char_length(piece) <> f[i + 1] - f[i] THEN RETURN NULL; END IF;
    r := r || piece;
    i := i + 2;
  END LOOP;
  RETURN r;
END $$;

-- The common case of one fragment is decided without calling the function. "IS TRUE": a CHECK
-- that comes to NULL passes.
ALTER TABLE span
  ADD CONSTRAINT span_fragments CHECK (
    CASE WHEN array_ndims(fragments) = 1 AND array_lower(fragments, 1) = 1 AND array_length(fragments, 1) = 2
         THEN (0 <= fragments[1] AND fragments[1] < fragments[2]) IS TRUE
         ELSE fragments_ok(fragments) END),
  ADD CONSTRAINT span_text_of_each_fragment CHECK (
    (array_ndims(text) = 1 AND cardinality(text) * 2 = cardinality(fragments)) IS TRUE),
  ADD CONSTRAINT span_attributes CHECK (jsonb_typeof(attributes) = 'object');

-- A span fits its assignment: it covers the text it says it covers, its label is of the schema,
-- its entity of the corpus's registry. Sound because no parent can move (see grants.sql).
CREATE FUNCTION span_fits_on_insert() RETURNS trigger LANGUAGE plpgsql AS $fn$
DECLARE
  bad record;
  many CONSTANT text := $q$
    WITH known AS MATERIALIZED (SELECT schema_id, array_agg(id) AS labels FROM label GROUP BY schema_id),
    layer AS MATERIALIZED (
      SELECT d.assignment_id, c.registry_id, k.labels, t.text AS body,
             -- Cut once for all spans: whoever looks for a code point reads from the beginning.
             ARRAY(SELECT substr(t.text, 1000 * g + 1, 1000)
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
                THEN substr(s.blocks[n.fragments[1] / 1000 + 1], n.fragments[1] % 1000 + 1,
                            n.fragments[2] - n.fragments[1]) IS DISTINCT FROM n.text[1]
                ELSE substr(s.body, n.fragments[1] + 1, n.fragments[2] - n.fragments[1])
                     IS DISTINCT FROM n.text[1] END
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
CREATE TRIGGER span_fits_on_insert AFTER INSERT ON span
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION span_fits_on_insert();

CREATE FUNCTION span_fits_on_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM assignment a
    JOIN article_text t ON t.article_id = a.article_id
    JOIN label l ON l.id = NEW.label_id AND l.schema_id = a.schema_id
    JOIN corpus c ON c.id = a.corpus_id
   WHERE a.id = NEW.assignment_id AND slices(t.text, NEW.fragments) IS NOT DISTINCT FROM NEW.text
     AND (NEW.entity_id IS NULL OR EXISTS (
           SELECT FROM entity e WHERE e.id = NEW.entity_id AND e.registry_id = c.registry_id));
  IF NOT FOUND THEN
    RAISE EXCEPTION 'span %: text, label or entity does not fit its assignment', NEW.id
      USING errcode = '23514', constraint = 'span_text';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER span_fits_on_update
  AFTER UPDATE OF fragments, text, assignment_id, label_id, entity_id ON span FOR EACH ROW
  WHEN (OLD.fragments IS DISTINCT FROM NEW.fragments OR OLD.text IS DISTINCT FROM NEW.text
     OR OLD.assignment_id IS DISTINCT FROM NEW.assignment_id OR OLD.label_id <> NEW.label_id
     OR OLD.entity_id IS DISTINCT FROM NEW.entity_id)
  EXECUTE FUNCTION span_fits_on_update();

-- relations --------------------------------------------------------------------------------------
ALTER TABLE relation
  ADD CONSTRAINT relation_from_span FOREIGN KEY (assignment_id, from_id) REFERENCES span (assignment_id, id),
  ADD CONSTRAINT relation_to_span FOREIGN KEY (assignment_id, to_id) REFERENCES span (assignment_id, id),
  ADD CONSTRAINT relation_attributes CHECK (jsonb_typeof(attributes) = 'object');

CREATE FUNCTION relation_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM fresh n
      JOIN assignment a ON a.id = n.assignment_id
      JOIN corpus c ON c.id = a.corpus_id
      LEFT JOIN relation_type t ON t.id = n.type_id AND t.schema_id = a.schema_id
      LEFT JOIN entity e ON e.id = n.to_entity_id AND e.registry_id = c.registry_id
     WHERE t.id IS NULL OR (n.to_entity_id IS NOT NULL AND e.id IS NULL))
  THEN
    RAISE EXCEPTION 'relation type of another schema, or entity of another registry'
      USING errcode = '23503', constraint = 'relation_fits';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER relation_fits_on_insert AFTER INSERT ON relation
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION relation_fits();
CREATE TRIGGER relation_fits_on_update AFTER UPDATE ON relation
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION relation_fits();

-- history ----------------------------------------------------------------------------------------
ALTER TABLE operation
  ADD CONSTRAINT operation_changes CHECK (jsonb_typeof(changes) = 'array'),
  ADD CONSTRAINT operation_request CHECK (octet_length(request_sha256) = 32),
  ADD CONSTRAINT operation_undoes CHECK ((op IN ('undo', 'redo')) = (undoes IS NOT NULL));

-- jobs -------------------------------------------------------------------------------------------
CREATE SEQUENCE job_lease;

-- loads ------------------------------------------------------------------------------------------
-- A load of layers becomes visible at its end, in one statement. What a load that died left behind
-- was never visible; this removes it, and can remove nothing else. It runs with the owner's rights
-- because the app's role may delete nothing.
CREATE FUNCTION discard_load(load uuid) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
DECLARE gone bigint;
BEGIN
  PERFORM set_config('kutip.purge', 'on', true);
  DELETE FROM relation WHERE assignment_id IN (SELECT id FROM assignment WHERE load_job = load AND status = 'loading');
  DELETE FROM span WHERE assignment_id IN (SELECT id FROM assignment WHERE load_job = load AND status = 'loading');
  DELETE FROM operation WHERE assignment_id IN (SELECT id FROM assignment WHERE load_job = load AND status = 'loading');
  DELETE FROM assignment WHERE load_job = load AND status = 'loading';
  GET DIAGNOSTICS gone = ROW_COUNT;
  PERFORM set_config('kutip.purge', '', true);
  RETURN gone;
END $$;
