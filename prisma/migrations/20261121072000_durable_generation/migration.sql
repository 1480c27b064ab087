-- Work that is paid once and outlives every process. Not partitioned: rows leave one by one, when their files do.
CREATE TABLE "durable_generation" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "owner_key_id" TEXT NOT NULL,
    "dialect" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "targets" TEXT NOT NULL,
    "target_index" SMALLINT NOT NULL DEFAULT 0,
    "queue_upstream" TEXT NOT NULL,
    "pinned_credential_id" TEXT,
    "input" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "progress" SMALLINT NOT NULL DEFAULT 0,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "epoch" BIGINT NOT NULL DEFAULT 0,
    "lease_id" TEXT,
    "upstream" TEXT,
    "upstream_model" TEXT,
    "credential_id" TEXT,
    "base_url" TEXT NOT NULL DEFAULT '',
    "operation" TEXT,
    "operation_key" TEXT,
    "prepared" TEXT,
    "lookups" SMALLINT NOT NULL DEFAULT 0,
    "collects" SMALLINT NOT NULL DEFAULT 0,
    "upstream_files" TEXT,
    "files" TEXT NOT NULL DEFAULT '[]',
    "facts" TEXT NOT NULL DEFAULT '{}',
    "error" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "last_sequence" INTEGER NOT NULL DEFAULT 0,
    "request_id" TEXT NOT NULL,
    "traceparent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "deadline_at" TIMESTAMPTZ(3) NOT NULL,
    "submitted_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),
    "next_step_at" TIMESTAMPTZ(3),
    "poll_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "durable_generation_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "durable_generation_state_check" CHECK ("state" IN
        ('queued', 'submitting', 'submit_unknown', 'submitted', 'collecting', 'succeeded', 'failed', 'cancelled', 'expired')),
    CONSTRAINT "durable_generation_end_check" CHECK
        (("finished_at" IS NOT NULL) = ("state" IN ('succeeded', 'failed', 'cancelled', 'expired')))
-- Room in each page: what a poll changes is in no index, so its new version can lie beside the old one.
) WITH (fillfactor = 70);

CREATE INDEX "durable_generation_owner_key_id_created_at_id_idx" ON "durable_generation" ("owner_key_id", "created_at" DESC, "id" DESC);
CREATE INDEX "durable_generation_next_step_idx" ON "durable_generation" ("queue_upstream", "next_step_at", "id")
    WHERE "next_step_at" IS NOT NULL;
CREATE INDEX "durable_generation_deadline_idx" ON "durable_generation" ("deadline_at") WHERE "finished_at" IS NULL;
CREATE INDEX "durable_generation_queue_idx" ON "durable_generation" ("queue_upstream", "created_at", "id") WHERE "state" = 'queued';
-- The latest ends of an upstream, for its pace.
CREATE INDEX "durable_generation_pace_idx" ON "durable_generation" ("upstream", "created_at" DESC) WHERE "state" = 'succeeded';
-- The slots that are taken: a row stands for its credential's use from the intent to the end.
CREATE INDEX "durable_generation_slot_idx" ON "durable_generation" ("credential_id") WHERE "lease_id" IS NOT NULL;
CREATE INDEX "durable_generation_expires_idx" ON "durable_generation" ("expires_at") WHERE "expires_at" IS NOT NULL;
-- One owner for every operation, whatever two look-ups think.
CREATE UNIQUE INDEX "durable_generation_operation_idx" ON "durable_generation" ("upstream", "base_url", "operation_key")
    WHERE "operation_key" IS NOT NULL;

-- What others own of the time of a lost submission.
CREATE INDEX "durable_generation_owned_idx" ON "durable_generation" ("upstream", "base_url", "submitted_at")
    WHERE "operation_key" IS NOT NULL;

-- The event log: parts of one write in one row, sequence numbers without a gap.
CREATE TABLE "durable_event" (
    "generation_id" TEXT NOT NULL,
    "first_sequence" INTEGER NOT NULL,
    "part_count" INTEGER NOT NULL,
    "parts" TEXT NOT NULL,

    CONSTRAINT "durable_event_pkey" PRIMARY KEY ("generation_id", "first_sequence")
);

CREATE TABLE "idempotency_key" (
    "scope" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "generation_id" TEXT,
    "holder" TEXT,
    "answer" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("scope", "key")
);

CREATE INDEX "idempotency_key_expires_at_idx" ON "idempotency_key" ("expires_at");
CREATE INDEX "idempotency_key_generation_idx" ON "idempotency_key" ("generation_id") WHERE "generation_id" IS NOT NULL;

-- What was held back, used and given back, in units; a line of each kind at most once.
CREATE TABLE "ledger" (
    "generation_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "owner_key_id" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "amount" DECIMAL(20,6) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ledger_pkey" PRIMARY KEY ("generation_id", "kind"),
    CONSTRAINT "ledger_kind_check" CHECK ("kind" IN ('reserve', 'settle', 'refund')),
    CONSTRAINT "ledger_amount_check" CHECK ("amount" >= 0)
);

CREATE INDEX "ledger_owner_key_id_at_idx" ON "ledger" ("owner_key_id", "at");
CREATE INDEX "ledger_reserve_at_idx" ON "ledger" ("at") WHERE "kind" = 'reserve';

DO $$
BEGIN
    ALTER TABLE "durable_generation" ALTER COLUMN "input" SET COMPRESSION lz4;
    ALTER TABLE "durable_event" ALTER COLUMN "parts" SET COMPRESSION lz4;
    ALTER TABLE "idempotency_key" ALTER COLUMN "answer" SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported OR invalid_parameter_value THEN
    NULL;
END
$$;

-- Chores that one process at a time does, whichever comes first when one is due: no lock that a paused holder could keep.
CREATE TABLE "chore" (
    "name" TEXT NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "chore_pkey" PRIMARY KEY ("name")
);
