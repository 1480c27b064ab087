-- Interactive generations: one partition a day, so that what is past the retention is dropped and never deleted row by row.
CREATE TABLE "generation" (
    "id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" TEXT NOT NULL,
    "class" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "owner_key_id" TEXT NOT NULL,
    "dialect" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "upstream" TEXT,
    "upstream_model" TEXT,
    "credential_id" TEXT,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "request" TEXT,
    "result" TEXT,
    "events" TEXT,
    "error" JSONB,
    "usage" JSONB,
    "last_sequence" INTEGER NOT NULL DEFAULT 0,
    "progress" SMALLINT,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deadline_at" TIMESTAMPTZ(3),
    "request_id" TEXT,
    "stream" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "generation_pkey" PRIMARY KEY ("id", "created_at"),
    CONSTRAINT "generation_class_check" CHECK ("class" IN ('interactive', 'durable')),
    CONSTRAINT "generation_status_check" CHECK ("status" IN ('queued', 'running', 'succeeded', 'failed', 'cancelled'))
) PARTITION BY RANGE ("created_at");

-- lz4 costs a fraction of pglz on the write path; a server built without it keeps its default.
DO $$
BEGIN
    ALTER TABLE "generation"
        ALTER COLUMN "request" SET COMPRESSION lz4,
        ALTER COLUMN "result" SET COMPRESSION lz4,
        ALTER COLUMN "events" SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported OR invalid_parameter_value THEN
    NULL;
END
$$;

CREATE INDEX "generation_owner_key_id_created_at_id_idx" ON "generation" ("owner_key_id", "created_at" DESC, "id");
CREATE INDEX "generation_open_idx" ON "generation" ("status") WHERE "status" IN ('queued', 'running');

-- A schema of their own keeps the partitions out of Prisma's sight.
CREATE SCHEMA "partitions";

-- Catches a row whose day has no partition yet: an insert never fails for want of upkeep.
CREATE TABLE "partitions"."generation_default" PARTITION OF "generation" DEFAULT;

-- Makes the partitions of today and of the days ahead (UTC); answers how many were new.
-- Rows of a new day that already stand in the default partition move with it.
CREATE FUNCTION "partitions"."create_generation_partitions"(days_ahead INTEGER, from_time TIMESTAMPTZ DEFAULT now())
RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
    first_day CONSTANT DATE := (from_time AT TIME ZONE 'UTC')::DATE;
    created INTEGER := 0;
    day DATE;
    child TEXT;
    lower_bound TIMESTAMPTZ;
    upper_bound TIMESTAMPTZ;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('sluice:generation-partitions', 0));
    -- A lock that is not had at once is left for the next run, rather than let every insert wait behind it.
    SET LOCAL lock_timeout = '2s';
    FOR ahead IN 0..days_ahead LOOP
        day := first_day + ahead;
        child := 'generation_' || to_char(day, 'YYYYMMDD');
        CONTINUE WHEN to_regclass(format('partitions.%I', child)) IS NOT NULL;
        lower_bound := day::TIMESTAMP AT TIME ZONE 'UTC';
        upper_bound := (day + 1)::TIMESTAMP AT TIME ZONE 'UTC';
        LOCK TABLE "partitions"."generation_default" IN ACCESS EXCLUSIVE MODE;
        EXECUTE format('CREATE TABLE partitions.%I (LIKE public.generation INCLUDING ALL)', child);
        EXECUTE format(
            'WITH moved AS (
                DELETE FROM partitions.generation_default WHERE created_at >= %L AND created_at < %L RETURNING *
             ) INSERT INTO partitions.%I SELECT * FROM moved', lower_bound, upper_bound, child);
        EXECUTE format(
            'ALTER TABLE public.generation ATTACH PARTITION partitions.%I FOR VALUES FROM (%L) TO (%L)',
            child, lower_bound, upper_bound);
        created := created + 1;
    END LOOP;
    RETURN created;
END
$$;

-- Drops every partition whose day ended at or before the given time, and such rows of the default one; answers the names of the dropped.
CREATE FUNCTION "partitions"."drop_generation_partitions"(before TIMESTAMPTZ)
RETURNS SETOF TEXT LANGUAGE plpgsql AS $$
DECLARE
    child TEXT;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('sluice:generation-partitions', 0));
    SET LOCAL lock_timeout = '2s';
    FOR child IN
        SELECT relation.relname
        FROM pg_inherits
        JOIN pg_class relation ON relation.oid = pg_inherits.inhrelid
        WHERE pg_inherits.inhparent = 'public.generation'::REGCLASS
          AND relation.relname ~ '^generation_[0-9]{8}$'
          AND (to_date(right(relation.relname, 8), 'YYYYMMDD') + 1)::TIMESTAMP AT TIME ZONE 'UTC' <= before
        ORDER BY relation.relname
    LOOP
        EXECUTE format('DROP TABLE partitions.%I', child);
        RETURN NEXT child;
    END LOOP;
    DELETE FROM "partitions"."generation_default" WHERE "created_at" < before;
END
$$;

SELECT "partitions"."create_generation_partitions"(2);

CREATE TABLE "credential" (
    "id" TEXT NOT NULL,
    "upstream" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "identity" TEXT NOT NULL,
    "secret" BYTEA NOT NULL,
    "base_url" TEXT,
    "models" TEXT[],
    "limits" JSONB NOT NULL DEFAULT '{}',
    "weight" INTEGER NOT NULL DEFAULT 1,
    "tags" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "allow_private_network" BOOLEAN NOT NULL DEFAULT false,
    "demo" BOOLEAN NOT NULL DEFAULT false,
    "state" TEXT NOT NULL DEFAULT 'ready',
    "reason" TEXT,
    "next_try_at" TIMESTAMPTZ(3),
    "epoch" BIGINT NOT NULL DEFAULT 0,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "counters" JSONB NOT NULL DEFAULT '{}',
    "notes" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credential_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "credential_identity_key" ON "credential" ("identity");
CREATE INDEX "credential_upstream_enabled_idx" ON "credential" ("upstream", "enabled");
CREATE INDEX "credential_created_at_id_idx" ON "credential" ("created_at", "id");

CREATE TABLE "api_key" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "last_four" TEXT NOT NULL,
    "limits" JSONB NOT NULL DEFAULT '{}',
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key" ("hash");

CREATE TABLE "route" (
    "model" TEXT NOT NULL,
    "targets" JSONB NOT NULL,
    "strategy" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "route_pkey" PRIMARY KEY ("model")
);

CREATE TABLE "setting" (
    "name" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "setting_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "audit_event" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "audit_event_at_idx" ON "audit_event" ("at");

CREATE TABLE "data_key" (
    "id" TEXT NOT NULL,
    "master_key_id" TEXT NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "data_key_pkey" PRIMARY KEY ("id")
);

-- Tells every replica which row changed. The argument is the name of the key column; a changed key tells both.
CREATE FUNCTION "notify_change"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    old_key TEXT;
    new_key TEXT;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        old_key := to_jsonb(OLD) ->> TG_ARGV[0];
    END IF;
    IF TG_OP <> 'DELETE' THEN
        new_key := to_jsonb(NEW) ->> TG_ARGV[0];
    END IF;
    IF old_key IS NOT NULL THEN
        PERFORM pg_notify('sluice_changed', json_build_object('table', TG_TABLE_NAME, 'id', old_key)::TEXT);
    END IF;
    IF new_key IS DISTINCT FROM old_key AND new_key IS NOT NULL THEN
        PERFORM pg_notify('sluice_changed', json_build_object('table', TG_TABLE_NAME, 'id', new_key)::TEXT);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER "credential_added_or_removed" AFTER INSERT OR DELETE ON "credential"
    FOR EACH ROW EXECUTE FUNCTION "notify_change"('id');
-- Counters and times are flushed every second, and no replica reads them from here: they tell nobody.
CREATE TRIGGER "credential_changed" AFTER UPDATE ON "credential"
    FOR EACH ROW WHEN (
        (OLD."id", OLD."upstream", OLD."kind", OLD."label", OLD."identity", OLD."secret", OLD."base_url", OLD."models", OLD."limits", OLD."weight",
         OLD."tags", OLD."enabled", OLD."allow_private_network", OLD."demo", OLD."state", OLD."epoch", OLD."settings")
        IS DISTINCT FROM
        (NEW."id", NEW."upstream", NEW."kind", NEW."label", NEW."identity", NEW."secret", NEW."base_url", NEW."models", NEW."limits", NEW."weight",
         NEW."tags", NEW."enabled", NEW."allow_private_network", NEW."demo", NEW."state", NEW."epoch", NEW."settings")
    ) EXECUTE FUNCTION "notify_change"('id');

CREATE TRIGGER "api_key_added_or_removed" AFTER INSERT OR DELETE ON "api_key"
    FOR EACH ROW EXECUTE FUNCTION "notify_change"('id');
-- The time of the last use is not a change.
CREATE TRIGGER "api_key_changed" AFTER UPDATE ON "api_key"
    FOR EACH ROW WHEN (
        (OLD."id", OLD."name", OLD."hash", OLD."limits", OLD."enabled", OLD."expires_at", OLD."revoked_at")
        IS DISTINCT FROM
        (NEW."id", NEW."name", NEW."hash", NEW."limits", NEW."enabled", NEW."expires_at", NEW."revoked_at")
    ) EXECUTE FUNCTION "notify_change"('id');

CREATE TRIGGER "route_changed" AFTER INSERT OR UPDATE OR DELETE ON "route"
    FOR EACH ROW EXECUTE FUNCTION "notify_change"('model');

CREATE TRIGGER "setting_changed" AFTER INSERT OR UPDATE OR DELETE ON "setting"
    FOR EACH ROW EXECUTE FUNCTION "notify_change"('name');
