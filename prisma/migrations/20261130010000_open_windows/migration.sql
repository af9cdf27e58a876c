-- Windows that are open now: a contact who writes every day keeps one open for weeks, so that its beginning does not find it.
-- CreateIndex
CREATE INDEX "conversation_expires" ON "conversation"("expires_at");
