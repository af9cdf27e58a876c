-- CreateTable
CREATE TABLE "sweep_mark" (
    "name" TEXT NOT NULL,
    "event_id" UUID NOT NULL,

    CONSTRAINT "sweep_mark_pkey" PRIMARY KEY ("name")
);
