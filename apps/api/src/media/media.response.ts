import { ApiProperty } from '@nestjs/swagger';
import type { MediaAsset } from '#media';

/** A file as the API shows it. */
export class MediaResponse {
  @ApiProperty({ description: 'Its name in messages of its sender and in /v1/media' })
  id!: string;

  @ApiProperty({
    description: 'The first id that Meta gave it: a name for it, too. Null until Meta has it',
    type: String,
    nullable: true,
  })
  metaId!: string | null;

  @ApiProperty({ description: 'Phone number id of its sender' })
  from!: string;

  @ApiProperty({ enum: ['upload', 'inbound'] })
  direction!: string;

  @ApiProperty({ enum: ['pending', 'stored', 'expired'] })
  state!: string;

  @ApiProperty({ enum: ['image', 'video', 'audio', 'document', 'sticker'], nullable: true })
  kind!: string | null;

  @ApiProperty({ type: String, nullable: true })
  mimeType!: string | null;

  @ApiProperty({ type: String, nullable: true })
  filename!: string | null;

  @ApiProperty({ description: 'Bytes', type: Number, nullable: true })
  size!: number | null;

  @ApiProperty({ description: 'Hex', type: String, nullable: true })
  sha256!: string | null;

  @ApiProperty({ description: 'The message of a contact that brought it', type: String, nullable: true })
  wamid!: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({
    description: 'Ahead, when a message that waits may use it until then',
    type: String,
    format: 'date-time',
  })
  lastUsedAt!: Date;

  static from(asset: MediaAsset): MediaResponse {
    const { id, direction, state, kind, mimeType, filename, size, sha256, wamid, createdAt, lastUsedAt } = asset;
    return Object.assign(new MediaResponse(), {
      id,
      metaId: asset.firstMetaId,
      from: asset.phoneNumberId,
      direction,
      state,
      kind,
      mimeType,
      filename,
      size,
      sha256,
      wamid,
      createdAt,
      lastUsedAt,
    });
  }
}
