-- What leaves the trash after 30 days is removed in steps, each a transaction of its own: whatever
-- stops one, the next goes on. They run with the owner's rights because the app's role may delete
-- none of this, and they remove nothing that did not lie in the trash for 30 days, whoever asks.

CREATE FUNCTION is_due(withdrawn timestamptz) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN withdrawn IS NOT NULL AND withdrawn <= now() - interval '30 days';

-- One step of the removal of a campaign: some of its layers, or at last the campaign itself. The
-- layers of a step hold about `most` rows together; one layer always goes. Returns how many layers
-- went, 0 when the campaign did, NULL when it is not there or not due.
CREATE FUNCTION purge_campaign(wanted bigint, most integer) RETURNS bigint LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE doomed bigint[];
BEGIN
  PERFORM FROM campaign k JOIN corpus c ON c.id = k.corpus_id
    WHERE k.id = wanted AND (is_due(k.withdrawn_at) OR is_due(c.withdrawn_at)) FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  PERFORM set_config('kutip.purge', 'on', true);
  SELECT array_agg(id) INTO doomed FROM (
    SELECT id, row_number() OVER turn AS place,
           sum(1 + revision + span_count + relation_count) OVER turn AS rows_so_far
      FROM (SELECT * FROM assignment WHERE campaign_id = wanted
             ORDER BY article_id, kind, slot LIMIT most) AS first
    WINDOW turn AS (ORDER BY article_id, kind, slot)) AS counted
   WHERE rows_so_far <= most OR place = 1;
  IF doomed IS NOT NULL THEN
    DELETE FROM agreement_pair WHERE first_id = ANY(doomed) OR second_id = ANY(doomed);
    DELETE FROM relation WHERE assignment_id = ANY(doomed);
    DELETE FROM remark WHERE assignment_id = ANY(doomed);
    DELETE FROM span WHERE assignment_id = ANY(doomed);
    DELETE FROM operation WHERE assignment_id = ANY(doomed);
    DELETE FROM assignment WHERE id = ANY(doomed);
  ELSE
    DELETE FROM agreement_run WHERE campaign_id = wanted;
    DELETE FROM agreement_state WHERE campaign_id = wanted;
    DELETE FROM export WHERE campaign_id = wanted;
    DELETE FROM campaign_annotator WHERE campaign_id = wanted;
    DELETE FROM job WHERE args @> jsonb_build_object('campaign', wanted);
    DELETE FROM campaign WHERE id = wanted;
  END IF;
  PERFORM set_config('kutip.purge', '', true);
  RETURN coalesce(cardinality(doomed), 0);
END $$;

-- The same for a corpus that has no campaign any more: its articles, the newest first (a version
-- names the one before it), then its registry where no other corpus uses that, then itself.
CREATE FUNCTION purge_corpus(wanted bigint, most integer) RETURNS bigint LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE doomed bigint[]; own bigint; gone bigint := 0;
BEGIN
  SELECT registry_id INTO own FROM corpus
   WHERE id = wanted AND is_due(withdrawn_at) FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF EXISTS (SELECT FROM campaign WHERE corpus_id = wanted) THEN
    RAISE EXCEPTION 'corpus % still has campaigns', wanted USING errcode = '23503';
  END IF;
  IF EXISTS (SELECT FROM corpus WHERE registry_id = own AND id <> wanted) THEN
    own := NULL;
  END IF;
  PERFORM set_config('kutip.purge', 'on', true);
  SELECT array_agg(id) INTO doomed FROM (
    SELECT id FROM article WHERE corpus_id = wanted ORDER BY id DESC LIMIT most) AS last;
  IF doomed IS NOT NULL THEN
    DELETE FROM article_search WHERE article_id = ANY(doomed);
    DELETE FROM article_signature WHERE article_id = ANY(doomed);
    DELETE FROM article_cluster WHERE article_id = ANY(doomed);
    DELETE FROM article_tag WHERE article_id = ANY(doomed);
    DELETE FROM article_appearance WHERE article_id = ANY(doomed);
    DELETE FROM article_text WHERE article_id = ANY(doomed);
    DELETE FROM article WHERE id = ANY(doomed);
    gone := cardinality(doomed);
  ELSE
    IF own IS NOT NULL THEN
      gone := purge_some_of_registry(own, most);
    END IF;
    IF gone = 0 THEN
      DELETE FROM tag WHERE corpus_id = wanted;
      DELETE FROM membership WHERE corpus_id = wanted;
      DELETE FROM corpus_facet WHERE corpus_id = wanted;
      DELETE FROM corpus_summary WHERE corpus_id = wanted;
      DELETE FROM job WHERE args @> jsonb_build_object('corpus', wanted)
                         OR own IS NOT NULL AND args @> jsonb_build_object('registry', own);
      DELETE FROM corpus WHERE id = wanted;
      DELETE FROM registry WHERE id = own;
    END IF;
  END IF;
  PERFORM set_config('kutip.purge', '', true);
  RETURN gone;
END $$;

-- Some rows of a registry: links first, then names, then the entities that no other goes on as.
-- The app's role may not call it: only `purge_corpus` does.
CREATE FUNCTION purge_some_of_registry(wanted bigint, most integer) RETURNS bigint LANGUAGE plpgsql
  SET search_path = public, pg_temp AS $$
DECLARE gone bigint;
BEGIN
  DELETE FROM entity_link WHERE id IN (SELECT id FROM entity_link WHERE registry_id = wanted LIMIT most);
  GET DIAGNOSTICS gone = ROW_COUNT;
  IF gone > 0 THEN RETURN gone; END IF;
  DELETE FROM distinction WHERE id IN (SELECT id FROM distinction WHERE registry_id = wanted LIMIT most);
  GET DIAGNOSTICS gone = ROW_COUNT;
  IF gone > 0 THEN RETURN gone; END IF;
  DELETE FROM alias WHERE id IN (
    SELECT a.id FROM entity e JOIN alias a ON a.entity_id = e.id WHERE e.registry_id = wanted LIMIT most);
  GET DIAGNOSTICS gone = ROW_COUNT;
  IF gone > 0 THEN RETURN gone; END IF;
  DELETE FROM entity WHERE id IN (
    SELECT e.id FROM entity e WHERE e.registry_id = wanted AND NOT EXISTS (
           SELECT FROM entity m WHERE m.registry_id = wanted AND m.merged_into_id = e.id) LIMIT most);
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;
