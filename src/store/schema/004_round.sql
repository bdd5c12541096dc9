-- Who takes part in the proposal that waits: they, and nobody who came
-- later, are told when no partner was found.
CREATE TABLE round_person (
    round_id       INTEGER NOT NULL REFERENCES round,
    person_id      INTEGER NOT NULL REFERENCES person,
    PRIMARY KEY (round_id, person_id)
) STRICT;
CREATE INDEX round_person_person ON round_person (person_id);
-- What the lead has rejected is not proposed again.
CREATE INDEX proposal_rejected ON proposal (mentor_id, mentee_id)
    WHERE rejected = 1;
