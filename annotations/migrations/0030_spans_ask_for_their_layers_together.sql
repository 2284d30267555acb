-- No span without its layer. A foreign key asks for the layer of every span by itself, which was half of
-- the time that PostgreSQL spent on a load. These triggers refuse what the key refused, and hold what it
-- held: see docs/adr/0033.

-- Whoever adds spans holds their layers, each once, until the transaction ends: nobody removes one
-- meanwhile, and one that is being removed is waited for. Planned anew for its number of layers, the
-- query of a single span took half as long again as all the rest of it.
CREATE FUNCTION spans_have_layers() RETURNS trigger LANGUAGE plpgsql
  SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  wanted bigint[] := ARRAY(SELECT DISTINCT assignment_id FROM fresh);
  found_count int;
BEGIN
  PERFORM FROM assignment WHERE id = ANY (wanted) FOR KEY SHARE;
  GET DIAGNOSTICS found_count = ROW_COUNT;
  IF found_count <> cardinality(wanted) THEN
    RAISE EXCEPTION 'a span of a layer that is not there' USING errcode = '23503', constraint = 'span_layer';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER spans_have_layers AFTER INSERT ON span
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION spans_have_layers();

-- A layer that has spans stays. Spans that were committed after a snapshot was taken are not in it, so
-- only a transaction whose every query takes a new one may remove layers.
CREATE FUNCTION layer_has_no_spans() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'layers are removed under READ COMMITTED only' USING errcode = '25001';
  END IF;
  IF TG_OP = 'TRUNCATE' THEN
    PERFORM FROM span LIMIT 1;
  ELSE
    PERFORM FROM span WHERE assignment_id = OLD.id LIMIT 1;
  END IF;
  IF FOUND THEN
    RAISE EXCEPTION 'a layer that has spans' USING errcode = '23503', constraint = 'span_layer';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER layer_has_no_spans AFTER DELETE ON assignment FOR EACH ROW EXECUTE FUNCTION layer_has_no_spans();
CREATE TRIGGER layers_have_no_spans AFTER TRUNCATE ON assignment
  FOR EACH STATEMENT EXECUTE FUNCTION layer_has_no_spans();

-- Neither a layer nor a span is ever called otherwise.
CREATE FUNCTION layer_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the layer of a span stays the same' USING errcode = '23503', constraint = 'span_layer';
END $$;
CREATE TRIGGER layer_stays AFTER UPDATE OF assignment_id ON span FOR EACH ROW
  WHEN (OLD.assignment_id IS DISTINCT FROM NEW.assignment_id) EXECUTE FUNCTION layer_stays();
CREATE TRIGGER layer_stays AFTER UPDATE OF id ON assignment FOR EACH ROW
  WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION layer_stays();
