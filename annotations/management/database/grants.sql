-- What the role of everyday work may do. Run as the owner after every migration, in one
-- transaction: new tables start without grants. {app} is the role's name.
-- The parents of a span can never move: that is what makes the triggers of the migrations sound.

GRANT USAGE ON SCHEMA public TO {app};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app};

-- nothing here is ever deleted, and only what is named may change
REVOKE UPDATE, DELETE, TRUNCATE ON
  operation, event, article_text, article, article_appearance, assignment, campaign, corpus,
  registry, entity, alias, entity_link, distinction, schema, label, relation_type, span, relation, remark, message, job, export,
  agreement_run, account, sign_in_link, api_token, django_migrations
FROM {app};
REVOKE INSERT ON django_migrations FROM {app};

GRANT UPDATE (title, author, source, url, language, published, metadata, external_id, superseded,
  withdrawn_at) ON article TO {app};
GRANT UPDATE (annotator_id, status, revision, span_count, relation_count, active_seconds,
  skip_reason, withdrawn, load_job, touched_at, submitted_at) ON assignment TO {app};
GRANT UPDATE (name, status, overlap, instructions, suggestions, quote_coverage, gold_shown, stories,
  started_at, withdrawn_at, hidden)
  ON campaign TO {app};
GRANT UPDATE (name, language, withdrawn_at) ON corpus TO {app};
GRANT UPDATE (name) ON registry TO {app};
GRANT UPDATE (name, folded, type, description, wikidata, attributes, proposed, merged_into_id,
  compared)
  ON entity TO {app};
GRANT UPDATE (text, folded, language, kind, valid_from, valid_to, merged_from_id, removed)
  ON alias TO {app};
GRANT UPDATE (removed) ON entity_link TO {app};
GRANT UPDATE (frozen_at) ON schema TO {app};
GRANT UPDATE (label_id, fragments, text, attributes, entity_id, changed_seq, removed) ON span TO {app};
GRANT UPDATE (attributes, changed_seq, removed) ON relation TO {app};
GRANT UPDATE (body, changed_seq, removed) ON remark TO {app};
GRANT UPDATE (waits) ON message TO {app};
GRANT UPDATE ON job, export, agreement_run, account, sign_in_link, api_token TO {app};
