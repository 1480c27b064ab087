-- What operators sort and filter credentials by, at any number of them.
CREATE INDEX "credential_label_id_idx" ON "credential" ("label", "id");
CREATE INDEX "credential_shown_state_idx" ON "credential" ((CASE WHEN "enabled" THEN "state" ELSE 'disabled' END), "id");
CREATE INDEX "credential_next_try_idx" ON "credential" ((COALESCE("next_try_at", 'infinity'::TIMESTAMPTZ)), "id");
CREATE INDEX "credential_updated_at_id_idx" ON "credential" ("updated_at", "id");
CREATE INDEX "credential_tags_idx" ON "credential" USING GIN ("tags");
CREATE INDEX "credential_group_idx" ON "credential" (("settings" ->> 'group')) WHERE "settings" ->> 'group' IS NOT NULL;

-- Why was this one excluded at 14:03? Kept for some days, and longer than the credential itself.
CREATE TABLE "credential_event" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "credential_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "next_try_at" TIMESTAMPTZ(3),

    CONSTRAINT "credential_event_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "credential_event_credential_id_id_idx" ON "credential_event" ("credential_id", "id");
CREATE INDEX "credential_event_at_idx" ON "credential_event" ("at");

-- Written where the change is, so that no writer can forget it.
CREATE FUNCTION "note_credential_event"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "credential_event" ("credential_id", "type", "state", "reason", "next_try_at")
    VALUES (
        NEW."id",
        CASE
            WHEN OLD."enabled" <> NEW."enabled" THEN CASE WHEN NEW."enabled" THEN 'enabled' ELSE 'disabled' END
            WHEN OLD."secret" <> NEW."secret" THEN 'secret'
            ELSE 'state'
        END,
        CASE WHEN NEW."enabled" THEN NEW."state" ELSE 'disabled' END,
        NEW."reason",
        NEW."next_try_at"
    );
    RETURN NULL;
END
$$;

CREATE TRIGGER "credential_event_noted" AFTER UPDATE ON "credential"
    FOR EACH ROW WHEN (
        (OLD."state", OLD."reason", OLD."next_try_at", OLD."enabled", OLD."secret")
        IS DISTINCT FROM
        (NEW."state", NEW."reason", NEW."next_try_at", NEW."enabled", NEW."secret")
    ) EXECUTE FUNCTION "note_credential_event"();

CREATE INDEX "audit_event_subject_id_idx" ON "audit_event" ("subject", "id");

-- The key before the last rotation, which goes on to open for a while.
ALTER TABLE "api_key" ADD COLUMN "previous_hash" BYTEA;
ALTER TABLE "api_key" ADD COLUMN "previous_expires_at" TIMESTAMPTZ(3);
CREATE UNIQUE INDEX "api_key_previous_hash_key" ON "api_key" ("previous_hash");
