-- People who use the studio. An account that was closed keeps its row, without anything of its owner's, until its videos are gone.
CREATE TABLE "studio_user" (
    "id" TEXT NOT NULL,
    "email" TEXT,
    "username" TEXT,
    "password_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "studio_user_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "studio_user_closed_check" CHECK (("email" IS NULL) = ("closed_at" IS NOT NULL))
);

CREATE UNIQUE INDEX "studio_user_email_key" ON "studio_user" ("email");
CREATE INDEX "studio_user_closed_idx" ON "studio_user" ("closed_at") WHERE "closed_at" IS NOT NULL;

-- What a user was let in for: it counts for the day even when the video is deleted.
CREATE TABLE "studio_video_slot" (
    "generation_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "studio_video_slot_pkey" PRIMARY KEY ("generation_id")
);

CREATE INDEX "studio_video_slot_user_id_taken_at_idx" ON "studio_video_slot" ("user_id", "taken_at");
CREATE INDEX "studio_video_slot_taken_at_idx" ON "studio_video_slot" ("taken_at");

-- How often something was tried in a span of time, by account and by address.
CREATE TABLE "studio_attempt" (
    "subject" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "resets_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "studio_attempt_pkey" PRIMARY KEY ("subject")
);

CREATE INDEX "studio_attempt_resets_at_idx" ON "studio_attempt" ("resets_at");
