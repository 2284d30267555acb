-- The functions stay as they are, `piece` with them: they refuse what those of 0002 refuse.
ALTER TABLE operation RESET (toast_tuple_target);
ALTER TABLE operation ALTER COLUMN changes SET STORAGE EXTENDED;
