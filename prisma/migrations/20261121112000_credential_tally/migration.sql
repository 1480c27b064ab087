-- What each credential has made and where it failed, counted beside the work: errors by who was told of them, what was made by
-- a chore that looks through what has ended since it last did.
CREATE TABLE "credential_tally" (
    "credential_id" TEXT NOT NULL,
    "images" BIGINT NOT NULL DEFAULT 0,
    "videos" BIGINT NOT NULL DEFAULT 0,
    "errors" BIGINT NOT NULL DEFAULT 0,
    -- Of this day, in UTC; those of an earlier one count nothing.
    "day" DATE NOT NULL,
    "images_today" INTEGER NOT NULL DEFAULT 0,
    "videos_today" INTEGER NOT NULL DEFAULT 0,
    "errors_today" INTEGER NOT NULL DEFAULT 0,
    "consecutive_errors" INTEGER NOT NULL DEFAULT 0,
    "last_error_at" TIMESTAMPTZ(3),
    "last_success_at" TIMESTAMPTZ(3),

    CONSTRAINT "credential_tally_pkey" PRIMARY KEY ("credential_id")
);

-- Until when the chore has looked.
CREATE TABLE "tally_mark" (
    "name" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tally_mark_pkey" PRIMARY KEY ("name")
);
INSERT INTO "tally_mark" ("name", "until") VALUES ('durable', CURRENT_TIMESTAMP);

CREATE INDEX "durable_generation_finished_idx" ON "durable_generation" ("finished_at")
    WHERE "finished_at" IS NOT NULL AND "credential_id" IS NOT NULL;
