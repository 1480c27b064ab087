-- Batches: files of requests that are made by and by. A batch's own copy of its file and the answers that are large lie in the
-- media store under `batches/<id>/`.

-- `holder`, `held_until`: who looks through its file, or writes its answers out; of requests see below.
-- `outcome`: what a batch that is being closed will be.
CREATE TABLE "batch" (
    "id" TEXT NOT NULL,
    "owner_key_id" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,
    "input_file_id" TEXT NOT NULL,
    "input_key" TEXT NOT NULL,
    "metadata" TEXT,
    "output_life_ms" BIGINT,
    "webhook_url" TEXT,
    "model" TEXT,
    "status" TEXT NOT NULL DEFAULT 'validating',
    "outcome" TEXT,
    "total" INTEGER NOT NULL DEFAULT 0,
    "completed" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "problems" TEXT,
    "output_file_id" TEXT,
    "error_file_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "in_progress_at" TIMESTAMPTZ(3),
    "finalizing_at" TIMESTAMPTZ(3),
    "cancelling_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "holder" TEXT,
    "held_until" TIMESTAMPTZ(3),

    CONSTRAINT "batch_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "batch_status_check" CHECK ("status" IN
        ('validating', 'failed', 'in_progress', 'finalizing', 'completed', 'expired', 'cancelling', 'cancelled')),
    CONSTRAINT "batch_outcome_check" CHECK ("outcome" IN ('completed', 'expired', 'cancelled'))
);

CREATE INDEX "batch_owner_key_id_created_at_id_idx" ON "batch" ("owner_key_id", "created_at" DESC, "id" DESC);
CREATE INDEX "batch_open_idx" ON "batch" ("created_at") WHERE "finished_at" IS NULL;
CREATE INDEX "batch_finished_at_idx" ON "batch" ("finished_at");

-- One request. `due_at`: when it may be taken, which for one that was taken is when its holder's time is over; null while what
-- it made goes on without it, and when it is answered. `is_failed` is null until then.
CREATE TABLE "batch_line" (
    "batch_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "custom_id" TEXT NOT NULL,
    "position" BIGINT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "due_at" TIMESTAMPTZ(3),
    "holder" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "generation_id" TEXT,
    "is_failed" BOOLEAN,
    "answer" TEXT,
    "answer_key" TEXT,

    CONSTRAINT "batch_line_pkey" PRIMARY KEY ("batch_id", "number")
);

CREATE INDEX "batch_line_due_idx" ON "batch_line" ("batch_id", "due_at", "number") WHERE "due_at" IS NOT NULL;
CREATE INDEX "batch_line_awaited_idx" ON "batch_line" ("generation_id")
    WHERE "generation_id" IS NOT NULL AND "is_failed" IS NULL;

CREATE FUNCTION "publish_batch_end"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM publish_webhook_event(NEW.owner_key_id, 'batch.' || NEW.status, NEW.id, NEW.finished_at, NEW.webhook_url);
    RETURN NULL;
END
$$;

CREATE TRIGGER "batch_ended" AFTER UPDATE ON "batch"
    FOR EACH ROW WHEN (OLD."finished_at" IS NULL AND NEW."finished_at" IS NOT NULL)
    EXECUTE FUNCTION "publish_batch_end"();
