-- Events for the servers of our clients. An event is written by the statement that ends what it tells of, with one delivery
-- for every endpoint that listens then: whoever sees the end in the database sees the event.

-- Where to tell the end of this generation, beside its owner's endpoints.
ALTER TABLE "durable_generation" ADD COLUMN "webhook_url" TEXT;

-- Without an owner: the operator's, which hears of every key. Without a URL: the one per owner whose secret signs what goes
-- to URLs that requests name.
CREATE TABLE "webhook_endpoint" (
    "id" TEXT NOT NULL,
    "owner_key_id" TEXT,
    "url" TEXT,
    "events" TEXT[] NOT NULL DEFAULT '{}',
    "description" TEXT NOT NULL DEFAULT '',
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "disabled_reason" TEXT,
    "allow_private_network" BOOLEAN NOT NULL DEFAULT false,
    "secret" BYTEA NOT NULL,
    "previous_secret" BYTEA,
    "previous_expires_at" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "webhook_endpoint_owner_key_id_idx" ON "webhook_endpoint" ("owner_key_id");
CREATE UNIQUE INDEX "webhook_endpoint_request_idx" ON "webhook_endpoint" ("owner_key_id") WHERE "url" IS NULL;

CREATE TABLE "webhook_event" (
    "id" TEXT NOT NULL,
    "owner_key_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "object_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_event_pkey" PRIMARY KEY ("id")
);

-- Nothing ends twice.
CREATE UNIQUE INDEX "webhook_event_object_id_type_key" ON "webhook_event" ("object_id", "type");

-- `next_at`: when it is due, or when another deliverer may take it from the one that has it. Null for what has ended, and
-- for what waits until its endpoint is switched on again.
CREATE TABLE "webhook_delivery" (
    "endpoint_id" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "url" TEXT,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "round_start" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3),
    "last_status" SMALLINT,
    "last_error" TEXT,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("endpoint_id", "event_id"),
    CONSTRAINT "webhook_delivery_state_check" CHECK ("state" IN ('pending', 'delivered', 'failed'))
);

CREATE INDEX "webhook_delivery_event_id_idx" ON "webhook_delivery" ("event_id");
CREATE INDEX "webhook_delivery_next_idx" ON "webhook_delivery" ("next_at") WHERE "next_at" IS NOT NULL;

CREATE TABLE "webhook_attempt" (
    "event_id" TEXT NOT NULL,
    "endpoint_id" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "status" SMALLINT,
    "error" TEXT,
    "response" TEXT,

    CONSTRAINT "webhook_attempt_pkey" PRIMARY KEY ("event_id", "endpoint_id", "attempt")
);

-- Writes an event and its deliveries within whatever statement calls it, and wakes the deliverers. Answers the event's id, or
-- null where nobody listens or the same was told before.
CREATE FUNCTION "publish_webhook_event"(owner TEXT, event TEXT, object TEXT, at TIMESTAMPTZ, request_url TEXT DEFAULT NULL)
RETURNS TEXT LANGUAGE plpgsql AS $$
DECLARE
    listeners TEXT[];
    new_id TEXT;
BEGIN
    SELECT array_agg(endpoint.id) INTO listeners
    FROM webhook_endpoint AS endpoint
    WHERE endpoint.enabled
      AND (endpoint.owner_key_id = owner OR endpoint.owner_key_id IS NULL)
      AND CASE
        WHEN endpoint.url IS NULL THEN request_url IS NOT NULL
        ELSE endpoint.events = '{}' OR event = ANY (endpoint.events) OR split_part(event, '.', 1) || '.*' = ANY (endpoint.events)
      END;
    IF listeners IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO webhook_event (id, owner_key_id, type, object_id, created_at)
    VALUES (
        'evt_' || lpad(to_hex(floor(extract(epoch FROM at) * 1000)::BIGINT), 12, '0')
            || right(replace(gen_random_uuid()::TEXT, '-', ''), 20),
        owner, event, object, at
    )
    ON CONFLICT DO NOTHING
    RETURNING id INTO new_id;
    IF new_id IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO webhook_delivery (endpoint_id, event_id, url, next_at)
    SELECT endpoint.id, new_id, CASE WHEN endpoint.url IS NULL THEN request_url END, at
    FROM webhook_endpoint AS endpoint
    WHERE endpoint.id = ANY (listeners);
    PERFORM pg_notify('sluice_webhook', '');
    RETURN new_id;
END
$$;

-- The names that OpenAI gives such ends; what has none there is a `generation.…`.
CREATE FUNCTION "publish_durable_end"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    digits CONSTANT TEXT := substr(NEW.id, 5);
    ending TEXT := CASE NEW.state WHEN 'succeeded' THEN 'completed' WHEN 'cancelled' THEN 'cancelled' ELSE 'failed' END;
BEGIN
    IF NEW.webhook_url IS NULL AND NOT EXISTS (
        SELECT FROM webhook_endpoint WHERE enabled AND (owner_key_id = NEW.owner_key_id OR owner_key_id IS NULL)
    ) THEN
        RETURN NULL;
    END IF;
    IF NEW.kind = 'video' THEN
        -- To clients a video completes or fails.
        PERFORM publish_webhook_event(
            NEW.owner_key_id, CASE ending WHEN 'completed' THEN 'video.completed' ELSE 'video.failed' END,
            'video_' || digits, NEW.finished_at, NEW.webhook_url);
    ELSIF NEW.kind = 'chat' AND NEW.dialect = 'openai-responses' THEN
        -- Its own log tells whether it was cut short; as text, since a log can hold what no json function takes.
        IF ending = 'completed' AND EXISTS (
            SELECT FROM durable_event
            WHERE generation_id = NEW.id AND parts ~ '"type":"finish"[^{}]*"reason":"(length|content-filter)"'
        ) THEN
            ending := 'incomplete';
        END IF;
        PERFORM publish_webhook_event(
            NEW.owner_key_id, 'response.' || ending, 'resp_' || digits, NEW.finished_at, NEW.webhook_url);
    ELSE
        PERFORM publish_webhook_event(
            NEW.owner_key_id, 'generation.' || ending, NEW.id, NEW.finished_at, NEW.webhook_url);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER "durable_generation_ended" AFTER UPDATE ON "durable_generation"
    FOR EACH ROW WHEN (OLD."finished_at" IS NULL AND NEW."finished_at" IS NOT NULL)
    EXECUTE FUNCTION "publish_durable_end"();

-- Nothing is sent in the name of a key that is gone.
CREATE FUNCTION "drop_webhooks_of_key"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM webhook_delivery WHERE endpoint_id IN (SELECT id FROM webhook_endpoint WHERE owner_key_id = OLD.id);
    DELETE FROM webhook_endpoint WHERE owner_key_id = OLD.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER "api_key_webhooks_dropped" AFTER DELETE ON "api_key"
    FOR EACH ROW EXECUTE FUNCTION "drop_webhooks_of_key"();
