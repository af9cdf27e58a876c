-- Notifications of a number, or an account, that is not ours: they wait until it is (delivery protocol §9).
-- CreateTable
CREATE TABLE "inbox_parked" (
    "inbox_id" UUID NOT NULL,
    "waba_id" TEXT NOT NULL,
    "phone_number_id" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "inbox_parked_pkey" PRIMARY KEY ("inbox_id","waba_id","phone_number_id")
);

-- CreateIndex
CREATE INDEX "inbox_parked_awaits" ON "inbox_parked"("waba_id", "phone_number_id");
