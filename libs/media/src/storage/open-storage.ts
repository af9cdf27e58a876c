import type { Environment } from '#config';
import { FolderStorage } from './folder-storage.js';
import type { MediaStorage } from './media-storage.js';

/** The storage that the environment names. The client of S3 takes 14 MiB and is loaded only where there is a bucket. */
export async function openStorage(environment: Environment): Promise<MediaStorage> {
  const { MEDIA_S3_BUCKET: bucket, MEDIA_S3_ACCESS_KEY_ID: id, MEDIA_S3_SECRET_ACCESS_KEY: secret } = environment;
  if (bucket === undefined) return new FolderStorage(environment.MEDIA_DIR);
  const { S3Storage } = await import('./s3-storage.js');
  return new S3Storage({
    bucket,
    region: environment.MEDIA_S3_REGION,
    endpoint: environment.MEDIA_S3_ENDPOINT,
    credentials: id === undefined || secret === undefined ? undefined : { accessKeyId: id, secretAccessKey: secret },
  });
}
