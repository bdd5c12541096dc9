-- The whole state of one programme.  Times are UTC seconds; states are words
-- of model/life.h; 0 or '' means "not known" or "not yet".

CREATE TABLE programme (
    id             INTEGER PRIMARY KEY CHECK (id = 1),
    seed           BLOB NOT NULL,      -- key of all tokens and choices
    state          TEXT NOT NULL,      -- programme_state
    created        INTEGER NOT NULL,
    last_run       INTEGER NOT NULL DEFAULT 0,
    begun          INTEGER NOT NULL DEFAULT 0,
    midpoint       INTEGER NOT NULL DEFAULT 0, -- when the mid-point was held
    closing        INTEGER NOT NULL DEFAULT 0, -- when final surveys went out
    ended          INTEGER NOT NULL DEFAULT 0,
    next_digest    INTEGER NOT NULL DEFAULT 0,
    next_match     INTEGER NOT NULL DEFAULT 0,
    next_report    INTEGER NOT NULL DEFAULT 0,
    next_review    INTEGER NOT NULL DEFAULT 0,
    hold           INTEGER NOT NULL DEFAULT 0, -- 1: the lead stopped sending
    trouble_since  INTEGER NOT NULL DEFAULT 0, -- first failure to reach out
    trouble_told   INTEGER NOT NULL DEFAULT 0,
    trouble        TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE person (
    id             INTEGER PRIMARY KEY,
    address        TEXT NOT NULL,      -- canonical
    key            TEXT NOT NULL UNIQUE, -- address_key()
    name           TEXT NOT NULL DEFAULT '',
    state          TEXT NOT NULL,      -- person_state
    mentor         INTEGER NOT NULL DEFAULT 0,
    mentee         INTEGER NOT NULL DEFAULT 0,
    level          INTEGER NOT NULL DEFAULT 0, -- 1 entry .. 10 board
    department     TEXT NOT NULL DEFAULT '',
    location       TEXT NOT NULL DEFAULT '',
    manager_key    TEXT NOT NULL DEFAULT '',   -- address_key() of the manager
    zone           TEXT NOT NULL DEFAULT '',
    locale         TEXT NOT NULL DEFAULT '',
    grp            TEXT NOT NULL DEFAULT '',   -- confidentiality group
    assistant      TEXT NOT NULL DEFAULT '',   -- canonical address
    assistant_key  TEXT NOT NULL DEFAULT '',
    capacity       INTEGER NOT NULL DEFAULT 1,
    created        INTEGER NOT NULL,
    invited        INTEGER NOT NULL DEFAULT 0,
    joined         INTEGER NOT NULL DEFAULT 0,
    ready          INTEGER NOT NULL DEFAULT 0,
    matched        INTEGER NOT NULL DEFAULT 0, -- first pair
    left_at        INTEGER NOT NULL DEFAULT 0,
    left_company   INTEGER NOT NULL DEFAULT 0, -- fed in by the roster
    paused_until   INTEGER NOT NULL DEFAULT 0, -- 0: until they say so
    paused_from    TEXT NOT NULL DEFAULT '',   -- state to come back to
    away_until     INTEGER NOT NULL DEFAULT 0, -- out of office
    left_out       INTEGER NOT NULL DEFAULT 0, -- rounds without a partner
    bad_address    INTEGER NOT NULL DEFAULT 0, -- since when mail bounces
    bounces        INTEGER NOT NULL DEFAULT 0,
    last_bounce    INTEGER NOT NULL DEFAULT 0,
    reminded       INTEGER NOT NULL DEFAULT 0, -- invitations repeated
    due            INTEGER NOT NULL DEFAULT 0, -- 0: nothing by the clock
    last_heard     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX person_due ON person (due) WHERE due > 0;
CREATE INDEX person_state ON person (state);
CREATE INDEX person_manager ON person (manager_key);
CREATE INDEX person_assistant ON person (assistant_key) WHERE assistant_key <> '';

-- Other addresses of a person.
CREATE TABLE alias (
    key            TEXT PRIMARY KEY,   -- address_key()
    person_id      INTEGER NOT NULL REFERENCES person,
    address        TEXT NOT NULL,
    learned        INTEGER NOT NULL DEFAULT 0 -- 1: from a calendar answer
) STRICT;
CREATE INDEX alias_person ON alias (person_id);

-- Erased people, so that an old backup cannot bring them back.
CREATE TABLE tombstone (
    key_hash       TEXT PRIMARY KEY,   -- hex of a keyed digest of the key
    at             INTEGER NOT NULL
) STRICT;

CREATE TABLE round (
    id             INTEGER PRIMARY KEY,
    state          TEXT NOT NULL,      -- round_state
    created        INTEGER NOT NULL,
    decided        INTEGER NOT NULL DEFAULT 0,
    repair         INTEGER NOT NULL DEFAULT 0, -- 1: standing pairs are kept
    matched        INTEGER NOT NULL,
    unmatched      INTEGER NOT NULL,
    total          INTEGER NOT NULL,
    pairs_checked  INTEGER NOT NULL,
    cover          INTEGER NOT NULL,
    problem        BLOB NOT NULL DEFAULT x'', -- what was solved, for --verify
    duals          BLOB NOT NULL DEFAULT x''
) STRICT;

CREATE TABLE proposal (
    round_id       INTEGER NOT NULL REFERENCES round,
    number         INTEGER NOT NULL,   -- as in "reject 12"
    mentor_id      INTEGER NOT NULL REFERENCES person,
    mentee_id      INTEGER NOT NULL REFERENCES person,
    score          INTEGER NOT NULL,
    locked         INTEGER NOT NULL DEFAULT 0,
    rejected       INTEGER NOT NULL DEFAULT 0,
    reasons        TEXT NOT NULL DEFAULT '', -- lines, in the lead's locale
    PRIMARY KEY (round_id, number)
) STRICT;
CREATE INDEX proposal_mentor ON proposal (mentor_id);
CREATE INDEX proposal_mentee ON proposal (mentee_id);

-- Locks of the lead, exclusions of lead and people.
CREATE TABLE pair_rule (
    kind           TEXT NOT NULL CHECK (kind IN ('locked', 'excluded')),
    mentor_id      INTEGER NOT NULL REFERENCES person, -- excluded: any order
    mentee_id      INTEGER NOT NULL REFERENCES person,
    private        INTEGER NOT NULL DEFAULT 0, -- 1: asked for by a person
    PRIMARY KEY (kind, mentor_id, mentee_id)
) STRICT;
CREATE INDEX pair_rule_mentor ON pair_rule (mentor_id);
CREATE INDEX pair_rule_mentee ON pair_rule (mentee_id);

CREATE TABLE pair (
    id             INTEGER PRIMARY KEY,
    mentor_id      INTEGER NOT NULL REFERENCES person,
    mentee_id      INTEGER NOT NULL REFERENCES person,
    round_id       INTEGER NOT NULL DEFAULT 0,
    state          TEXT NOT NULL,      -- pair_state
    score          INTEGER NOT NULL DEFAULT 0,
    begun          INTEGER NOT NULL,
    mentor_agreed  INTEGER NOT NULL DEFAULT 0,
    mentee_agreed  INTEGER NOT NULL DEFAULT 0,
    active         INTEGER NOT NULL DEFAULT 0,
    ended          INTEGER NOT NULL DEFAULT 0,
    ended_why      TEXT NOT NULL DEFAULT '',
    sessions       INTEGER NOT NULL,   -- how many both commit to
    training       INTEGER NOT NULL DEFAULT 0, -- pieces sent so far
    flag           TEXT NOT NULL DEFAULT '',   -- '', 'silent', 'stuck', ...
    flag_at        INTEGER NOT NULL DEFAULT 0,
    nudges         INTEGER NOT NULL DEFAULT 0,
    last_sign      INTEGER NOT NULL DEFAULT 0, -- of life
    due            INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX pair_due ON pair (due) WHERE due > 0;
CREATE INDEX pair_state ON pair (state);
CREATE INDEX pair_mentor ON pair (mentor_id);
CREATE INDEX pair_mentee ON pair (mentee_id);

CREATE TABLE session (
    id             INTEGER PRIMARY KEY,
    pair_id        INTEGER NOT NULL,   -- 0: a group meeting
    number         INTEGER NOT NULL,   -- 1.. in its pair
    kind           TEXT NOT NULL,      -- shadowing instruction collaboration group
    role           TEXT NOT NULL DEFAULT '', -- group: mentors, mentees
    state          TEXT NOT NULL,      -- session_state
    target         INTEGER NOT NULL,   -- about when it should be
    start          INTEGER NOT NULL DEFAULT 0,
    finish         INTEGER NOT NULL DEFAULT 0,
    uid            TEXT NOT NULL UNIQUE,
    sequence       INTEGER NOT NULL DEFAULT -1, -- -1: never sent
    dtstamp        INTEGER NOT NULL DEFAULT 0,
    tries          INTEGER NOT NULL DEFAULT 0,
    moves          INTEGER NOT NULL DEFAULT 0,
    prepared       INTEGER NOT NULL DEFAULT 0,  -- preparation mails are out
    created        INTEGER NOT NULL,
    due            INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX session_due ON session (due) WHERE due > 0;
CREATE INDEX session_pair ON session (pair_id, number);
CREATE INDEX session_start ON session (start);

-- Who is invited to a session, and what their calendar answered.
CREATE TABLE attendee (
    session_id     INTEGER NOT NULL REFERENCES session,
    person_id      INTEGER NOT NULL REFERENCES person,
    address        TEXT NOT NULL,      -- as invited
    partstat       TEXT NOT NULL DEFAULT 'NEEDS-ACTION',
    sequence       INTEGER NOT NULL DEFAULT -1, -- of the last answer counted
    dtstamp        INTEGER NOT NULL DEFAULT 0,
    answered       INTEGER NOT NULL DEFAULT 0,
    choice         TEXT NOT NULL DEFAULT '',    -- offered: "1,3"
    note           TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (session_id, person_id)
) STRICT;
CREATE INDEX attendee_person ON attendee (person_id);

-- Times that were offered, and times that were declined.
CREATE TABLE slot (
    session_id     INTEGER NOT NULL REFERENCES session,
    number         INTEGER NOT NULL,   -- offered: 1..; refused: 0
    start          INTEGER NOT NULL,
    PRIMARY KEY (session_id, number, start)
) STRICT;

CREATE TABLE form (
    id             INTEGER PRIMARY KEY,
    person_id      INTEGER NOT NULL REFERENCES person,
    survey         TEXT NOT NULL,
    pair_id        INTEGER NOT NULL DEFAULT 0,
    session_id     INTEGER NOT NULL DEFAULT 0,
    state          TEXT NOT NULL,      -- form_state
    locale         TEXT NOT NULL,      -- in which it was written
    text           TEXT NOT NULL DEFAULT '', -- the text part that was sent
    sent           INTEGER NOT NULL,
    answered       INTEGER NOT NULL DEFAULT 0,
    reminded       INTEGER NOT NULL DEFAULT 0,
    asked_again    INTEGER NOT NULL DEFAULT 0, -- for the missing answers
    due            INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX form_due ON form (due) WHERE due > 0;
CREATE INDEX form_person ON form (person_id, survey);
CREATE INDEX form_session ON form (session_id);
CREATE INDEX form_pair ON form (pair_id);

-- The numbered places of a form, as they were sent.
CREATE TABLE form_slot (
    form_id        INTEGER NOT NULL REFERENCES form ON DELETE CASCADE,
    number         INTEGER NOT NULL,
    question       TEXT NOT NULL,      -- id, "levels/social-media"
    type           TEXT NOT NULL,
    share          TEXT NOT NULL,
    required       INTEGER NOT NULL,
    wanted         INTEGER NOT NULL,
    low            INTEGER NOT NULL,
    high           INTEGER NOT NULL,
    text           TEXT NOT NULL,
    low_text       TEXT NOT NULL DEFAULT '',
    high_text      TEXT NOT NULL DEFAULT '',
    options        TEXT NOT NULL DEFAULT '', -- key TAB text LF ...
    PRIMARY KEY (form_id, number)
) STRICT;

CREATE TABLE answer (
    person_id      INTEGER NOT NULL REFERENCES person,
    survey         TEXT NOT NULL,
    question       TEXT NOT NULL,
    pair_id        INTEGER NOT NULL DEFAULT 0,
    session_id     INTEGER NOT NULL DEFAULT 0,
    type           TEXT NOT NULL,
    share          TEXT NOT NULL,
    value          TEXT NOT NULL,
    raw            TEXT NOT NULL,
    at             INTEGER NOT NULL,
    inbox_id       INTEGER NOT NULL,
    PRIMARY KEY (person_id, survey, question, pair_id, session_id)
) STRICT;
CREATE INDEX answer_survey ON answer (survey, question);

-- A conversation: what a reply token or subject code stands for.
CREATE TABLE thread (
    id             INTEGER PRIMARY KEY,
    code           TEXT NOT NULL UNIQUE, -- six letters in [RM-......]
    kind           TEXT NOT NULL,      -- thread_kind
    object_id      INTEGER NOT NULL,   -- form, pair, session, round, person
    person_id      INTEGER NOT NULL,   -- 0: the lead
    subject        TEXT NOT NULL DEFAULT '', -- of its first mail
    root           TEXT NOT NULL DEFAULT '', -- Message-ID of its first mail
    last           TEXT NOT NULL DEFAULT '', -- and of its last
    created        INTEGER NOT NULL,
    expires        INTEGER NOT NULL
) STRICT;
CREATE INDEX thread_object ON thread (kind, object_id, person_id);
CREATE INDEX thread_person ON thread (person_id);

-- A change that waits for a yes: what would be done, as a command.
CREATE TABLE confirm (
    id             INTEGER PRIMARY KEY,
    word           TEXT NOT NULL,      -- to be sent back
    person_id      INTEGER NOT NULL,   -- who must confirm; 0: the lead
    action         TEXT NOT NULL,      -- address, forget, or a lead's command
    argument       TEXT NOT NULL,
    created        INTEGER NOT NULL,
    expires        INTEGER NOT NULL,
    done           INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX confirm_person ON confirm (person_id, done);

CREATE TABLE inbox (
    id             INTEGER PRIMARY KEY,
    key            TEXT NOT NULL UNIQUE, -- the source's
    digest         TEXT NOT NULL,      -- of the bytes but for trace fields
    message_id     TEXT NOT NULL DEFAULT '',
    sender         TEXT NOT NULL DEFAULT '', -- From, canonical
    sender_key     TEXT NOT NULL DEFAULT '',
    subject        TEXT NOT NULL DEFAULT '',
    kind           TEXT NOT NULL DEFAULT '', -- mail_kind
    size           INTEGER NOT NULL,
    arrived        INTEGER NOT NULL,
    state          TEXT NOT NULL,      -- disposition
    reason         TEXT NOT NULL DEFAULT '',
    person_id      INTEGER NOT NULL DEFAULT 0,
    thread_id      INTEGER NOT NULL DEFAULT 0,
    attempts       INTEGER NOT NULL DEFAULT 0,
    handled        INTEGER NOT NULL DEFAULT 0,
    filed          INTEGER NOT NULL DEFAULT 0  -- told to the source
) STRICT;
CREATE INDEX inbox_state ON inbox (state);
CREATE INDEX inbox_digest ON inbox (digest);
CREATE INDEX inbox_message ON inbox (message_id);
CREATE INDEX inbox_sender ON inbox (sender_key, arrived);
CREATE INDEX inbox_person ON inbox (person_id);
CREATE INDEX inbox_filed ON inbox (filed) WHERE filed = 0;

CREATE TABLE mail_raw (
    inbox_id       INTEGER PRIMARY KEY REFERENCES inbox ON DELETE CASCADE,
    size           INTEGER NOT NULL,   -- before compression
    bytes          BLOB NOT NULL       -- zstd
) STRICT;

CREATE TABLE outbox (
    id             INTEGER PRIMARY KEY,
    person_id      INTEGER NOT NULL,   -- 0: lead, sponsor, strangers
    sender         TEXT NOT NULL,      -- envelope
    recipient      TEXT NOT NULL,      -- envelope
    template       TEXT NOT NULL,
    subject        TEXT NOT NULL,
    message_id     TEXT NOT NULL UNIQUE,
    thread_id      INTEGER NOT NULL DEFAULT 0,
    inbox_id       INTEGER NOT NULL DEFAULT 0, -- the mail that caused it
    session_id     INTEGER NOT NULL DEFAULT 0,
    state          TEXT NOT NULL,      -- outbox_state
    created        INTEGER NOT NULL,
    not_before     INTEGER NOT NULL,
    tries          INTEGER NOT NULL DEFAULT 0,
    claimed        INTEGER NOT NULL DEFAULT 0,
    sent           INTEGER NOT NULL DEFAULT 0,
    code           INTEGER NOT NULL DEFAULT 0,
    enhanced       TEXT NOT NULL DEFAULT '',
    answer         TEXT NOT NULL DEFAULT '',
    queue_id       TEXT NOT NULL DEFAULT '',
    size           INTEGER NOT NULL,
    bytes          BLOB NOT NULL       -- zstd of the rendered mail
) STRICT;
CREATE INDEX outbox_waiting ON outbox (not_before, id)
    WHERE state IN ('queued', 'claimed');
CREATE INDEX outbox_person ON outbox (person_id, created);
CREATE INDEX outbox_recipient ON outbox (recipient, created);
CREATE INDEX outbox_sent ON outbox (sent);
CREATE INDEX outbox_inbox ON outbox (inbox_id) WHERE inbox_id > 0;
CREATE INDEX outbox_failed ON outbox (created) WHERE state = 'failed';
CREATE INDEX outbox_forgotten ON outbox (template)
    WHERE template = 'forgotten';

-- Each change of state, and the mail that caused it.
CREATE TABLE change (
    id             INTEGER PRIMARY KEY,
    at             INTEGER NOT NULL,
    inbox_id       INTEGER NOT NULL DEFAULT 0, -- 0: the clock or an operator
    subject        TEXT NOT NULL,      -- person, pair, session, form, programme
    subject_id     INTEGER NOT NULL,
    event          TEXT NOT NULL,
    was            TEXT NOT NULL,
    became         TEXT NOT NULL
) STRICT;
CREATE INDEX change_subject ON change (subject, subject_id);
CREATE INDEX change_inbox ON change (inbox_id) WHERE inbox_id > 0;
CREATE INDEX change_at ON change (at);

-- What the lead should read next: alerts and notes for the digest.
CREATE TABLE note (
    id             INTEGER PRIMARY KEY,
    at             INTEGER NOT NULL,
    kind           TEXT NOT NULL,      -- a phrase of the words file: note-KIND
    person_id      INTEGER NOT NULL DEFAULT 0,
    pair_id        INTEGER NOT NULL DEFAULT 0,
    text           TEXT NOT NULL DEFAULT '',
    told           INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX note_told ON note (told) WHERE told = 0;
CREATE INDEX note_person ON note (person_id);

-- "You said, we did", and actions leaders take.
CREATE TABLE improvement (
    id             INTEGER PRIMARY KEY,
    at             INTEGER NOT NULL,
    kind           TEXT NOT NULL CHECK (kind IN ('improvement', 'action')),
    text           TEXT NOT NULL,
    sent           INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Figures that a report has shown (report/withhold).
CREATE TABLE published (
    key            TEXT NOT NULL,
    at             INTEGER NOT NULL,
    n              INTEGER NOT NULL,
    value          INTEGER NOT NULL,
    PRIMARY KEY (key, at)
) STRICT;

-- What the lead's last command did, so that `undo` can take it back.
CREATE TABLE undo (
    id             INTEGER PRIMARY KEY,
    at             INTEGER NOT NULL,
    line           TEXT NOT NULL,      -- the command
    inverse        TEXT NOT NULL,      -- commands that take it back
    done           INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Busy times from published calendars.
CREATE TABLE feed (
    id             INTEGER PRIMARY KEY,
    person_id      INTEGER NOT NULL UNIQUE, -- 0: holidays of the programme
    url            TEXT NOT NULL,      -- a secret
    etag           TEXT NOT NULL DEFAULT '',
    fetched        INTEGER NOT NULL DEFAULT 0,
    next           INTEGER NOT NULL DEFAULT 0,
    failed         TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE busy (
    feed_id        INTEGER NOT NULL REFERENCES feed ON DELETE CASCADE,
    start          INTEGER NOT NULL,
    finish         INTEGER NOT NULL
) STRICT;
CREATE INDEX busy_feed ON busy (feed_id, start);
