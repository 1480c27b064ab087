-- Files that clients keep with us, each with a name of its own. What they hold lies in the media store.
CREATE TABLE "client_file" (
    "id" TEXT NOT NULL,
    "owner_key_id" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "filename" TEXT NOT NULL,
    "media_key" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "client_file_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "client_file_bytes_check" CHECK ("bytes" > 0)
);

CREATE UNIQUE INDEX "client_file_media_key_key" ON "client_file" ("media_key");
CREATE INDEX "client_file_owner_key_id_created_at_id_idx" ON "client_file" ("owner_key_id", "created_at" DESC, "id" DESC);
CREATE INDEX "client_file_expires_at_idx" ON "client_file" ("expires_at");
