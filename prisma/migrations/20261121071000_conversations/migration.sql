-- Conversations that the gateway keeps for its callers: each row is one call's new messages and their answer. Rows are
-- only added and dropped, so that calls at once lose nothing.
CREATE TABLE "conversation_turn" (
    "owner_key_id" TEXT NOT NULL,
    "conversation" TEXT NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "messages" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "conversation_turn_pkey" PRIMARY KEY ("owner_key_id", "conversation", "sequence")
);

CREATE INDEX "conversation_turn_created_at_idx" ON "conversation_turn" ("created_at");

-- What an upstream wants back with a tool call and most clients drop.
CREATE TABLE "tool_call_signature" (
    "owner_key_id" TEXT NOT NULL,
    "tool_call_id" TEXT NOT NULL,
    "upstream" TEXT NOT NULL,
    "fields" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tool_call_signature_pkey" PRIMARY KEY ("owner_key_id", "tool_call_id")
);

CREATE INDEX "tool_call_signature_created_at_idx" ON "tool_call_signature" ("created_at");
