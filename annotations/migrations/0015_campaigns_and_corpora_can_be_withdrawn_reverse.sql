DROP FUNCTION purge_some_of_registry(bigint, integer);
DROP FUNCTION purge_corpus(bigint, integer);
DROP FUNCTION purge_campaign(bigint, integer);
DROP FUNCTION is_due(timestamptz);
