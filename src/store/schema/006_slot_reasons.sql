-- Why a time is among those offered: enum plan_reason bits; 0: named by one
-- of the two.
ALTER TABLE slot ADD COLUMN reasons INTEGER NOT NULL DEFAULT 0;
