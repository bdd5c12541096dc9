-- Whom somebody picked by name is looked up without a look at everybody.
CREATE INDEX person_name ON person (name COLLATE NOCASE);
