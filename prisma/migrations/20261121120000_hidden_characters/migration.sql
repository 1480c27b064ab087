-- Characters by what their accounts call them: a search asks whether what it found is hidden by somebody else.
CREATE INDEX "durable_generation_character_idx" ON "durable_generation" (("facts"::jsonb ->> 'characterId'))
    WHERE "kind" = 'character';
