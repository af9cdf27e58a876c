-- AlterTable
ALTER TABLE "message_content" ADD COLUMN     "estimate" JSONB;
