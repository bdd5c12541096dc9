-- What calendars show and what they have said.

-- The SEQUENCE that was last declined: the same "no" again is no news.
ALTER TABLE attendee ADD COLUMN declined INTEGER NOT NULL DEFAULT -1;
-- The local time their calendar shows, "2027-03-01T10:00 Europe/Berlin".
ALTER TABLE attendee ADD COLUMN wall TEXT NOT NULL DEFAULT '';

-- The rules of each time zone when the sessions in it were last looked at.
CREATE TABLE zone_rules (
    name           TEXT PRIMARY KEY,   -- Europe/Berlin
    digest         TEXT NOT NULL
) STRICT;
