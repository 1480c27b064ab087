-- What an operator decides of a user: limits of their own, and whether the account opens. A token of an older version opens nothing.
ALTER TABLE "studio_user"
    ADD COLUMN "simultaneous_videos" INTEGER,
    ADD COLUMN "daily_videos" INTEGER,
    ADD COLUMN "token_version" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "disabled_at" TIMESTAMPTZ(3);

CREATE INDEX "studio_user_created_at_id_idx" ON "studio_user" ("created_at", "id");
