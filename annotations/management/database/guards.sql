-- Where one role owns and works (a DATABASE_URL whose role may make no other): triggers refuse
-- what the grants would refuse. They yield to a setting of one transaction, kutip.purge, which
-- only the takedown of a text, the clean-up of a load that died, and the removal of what lay in the
-- trash for 30 days may set.

CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('kutip.purge', true) = 'on' THEN
    RETURN CASE WHEN TG_OP = 'UPDATE' THEN NEW ELSE OLD END;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING errcode = '42501';
END $$;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['operation', 'event', 'article_text'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I
                    FOR EACH ROW EXECUTE FUNCTION append_only()', name);
    EXECUTE format('CREATE OR REPLACE TRIGGER append_only_whole BEFORE TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION append_only()', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['corpus', 'campaign', 'article', 'assignment', 'span', 'relation', 'remark', 'message', 'label', 'entity',
                              'entity_link', 'distinction'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER append_only BEFORE DELETE ON %I
                    FOR EACH ROW EXECUTE FUNCTION append_only()', name);
  END LOOP;
END $$;
