DROP FUNCTION discard_load(uuid);
DROP SEQUENCE job_lease;
ALTER TABLE operation DROP CONSTRAINT operation_changes, DROP CONSTRAINT operation_request,
  DROP CONSTRAINT operation_undoes;
DROP TRIGGER relation_fits_on_insert ON relation;
DROP TRIGGER relation_fits_on_update ON relation;
DROP FUNCTION relation_fits();
ALTER TABLE relation DROP CONSTRAINT relation_from_span, DROP CONSTRAINT relation_to_span,
  DROP CONSTRAINT relation_attributes;
DROP TRIGGER span_fits_on_insert ON span;
DROP TRIGGER span_fits_on_update ON span;
DROP FUNCTION span_fits_on_insert();
DROP FUNCTION span_fits_on_update();
ALTER TABLE span DROP CONSTRAINT span_fragments, DROP CONSTRAINT span_text_of_each_fragment,
  DROP CONSTRAINT span_attributes;
DROP FUNCTION slices(text, int4[]);
DROP FUNCTION fragments_ok(int4[]);
ALTER TABLE assignment DROP CONSTRAINT assignment_of_campaign, DROP CONSTRAINT assignment_of_article;
ALTER TABLE entity DROP CONSTRAINT entity_merged_in_registry;
ALTER TABLE article DROP CONSTRAINT article_sha256, DROP CONSTRAINT article_metadata,
  DROP CONSTRAINT article_previous, DROP CONSTRAINT article_not_its_own_previous;
ALTER TABLE article_text DROP CONSTRAINT article_text_sha256, DROP CONSTRAINT article_text_length,
  DROP CONSTRAINT article_text_of_article;
ALTER TABLE article_text ALTER COLUMN text SET STORAGE EXTENDED;
ALTER TABLE article_text RESET (toast_tuple_target);
