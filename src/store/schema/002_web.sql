-- What is known of the web: calendars that are fetched, the collection that
-- sessions are put into, access tokens.

-- feed.person_id: 0, -1, -2, ... are the holidays of the settings, in order.
-- Up to when its busy times are known; a copy is no use beyond.
ALTER TABLE feed ADD COLUMN covered INTEGER NOT NULL DEFAULT 0;
-- 1: the lead has been told that it cannot be read.
ALTER TABLE feed ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
CREATE INDEX feed_next ON feed (next);

-- What was put into the CalDAV collection of the lead.
CREATE TABLE caldav (
    session_id     INTEGER PRIMARY KEY,
    uid            TEXT NOT NULL,
    sequence       INTEGER NOT NULL    -- -2: names have changed, put it again
) STRICT;
CREATE INDEX caldav_sequence ON caldav (sequence);
CREATE INDEX session_state ON session (state);

-- Places that did not answer.
CREATE TABLE outside (
    name           TEXT PRIMARY KEY,   -- caldav
    since          INTEGER NOT NULL,
    next           INTEGER NOT NULL,   -- when it is tried again
    told           INTEGER NOT NULL DEFAULT 0,
    failed         TEXT NOT NULL
) STRICT;

-- OAuth2.  A rotated refresh token is good once, so it must not be lost.
CREATE TABLE token (
    name           TEXT PRIMARY KEY,   -- mail
    asked          TEXT NOT NULL,      -- digest of the settings behind it
    access         TEXT NOT NULL,
    fresh_until    INTEGER NOT NULL,
    refresh        TEXT NOT NULL DEFAULT '' -- '': the one of the settings
) STRICT;
