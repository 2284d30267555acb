DROP TRIGGER layer_stays ON assignment;
DROP TRIGGER layer_stays ON span;
DROP FUNCTION layer_stays();
DROP TRIGGER layers_have_no_spans ON assignment;
DROP TRIGGER layer_has_no_spans ON assignment;
DROP FUNCTION layer_has_no_spans();
DROP TRIGGER spans_have_layers ON span;
DROP FUNCTION spans_have_layers();
