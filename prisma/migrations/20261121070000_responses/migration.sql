-- What a later call may name: answers of the Responses dialect, with what was asked. The JSON is text: it is only ever read whole.
CREATE TABLE "response" (
    "id" TEXT NOT NULL,
    "owner_key_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "previous_response_id" TEXT,
    "status" TEXT NOT NULL,
    "frame" TEXT NOT NULL,
    "input" TEXT NOT NULL,
    "members" TEXT,
    "output" TEXT,
    "parts" TEXT,

    CONSTRAINT "response_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "response_created_at_idx" ON "response" ("created_at");

-- lz4 costs a fraction of pglz on the write path; a server built without it keeps its default.
DO $$
BEGIN
    ALTER TABLE "response"
        ALTER COLUMN "frame" SET COMPRESSION lz4,
        ALTER COLUMN "input" SET COMPRESSION lz4,
        ALTER COLUMN "output" SET COMPRESSION lz4,
        ALTER COLUMN "parts" SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported OR invalid_parameter_value THEN
    NULL;
END
$$;
