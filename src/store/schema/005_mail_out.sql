-- The rendered mail beside its row: who marks the row as claimed or sent
-- does not write the mail again.
CREATE TABLE mail_out (
    outbox_id      INTEGER PRIMARY KEY REFERENCES outbox ON DELETE CASCADE,
    bytes          BLOB NOT NULL       -- zstd; outbox.size before compression
) STRICT;
INSERT INTO mail_out SELECT id, bytes FROM outbox WHERE size > 0;
ALTER TABLE outbox DROP COLUMN bytes;
-- Whoever forgets a mail says so in its row, and cannot leave its bytes.
CREATE TRIGGER outbox_forget AFTER UPDATE OF size ON outbox WHEN new.size = 0
BEGIN
    DELETE FROM mail_out WHERE outbox_id = new.id;
END;
