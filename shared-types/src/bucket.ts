/** A bucket of an S3-compatible store. */
export interface Bucket {
  name: string;
  region: string;
  /** Where the store is reached; null for Amazon's own. */
  endpoint: string | null;
  accessKeyId: string;
  secretAccessKey: string;
}

const NEEDED = ['S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'];
/** What stores other than Amazon's, which have no regions, are signed for. */
const ANY_REGION = 'us-east-1';

/**
 * Where pictures are kept: in a bucket, or null for a folder below DATA_DIR.
 *
 * @param setting gives the value of a setting; '' when it is not set
 * @throws Error naming what is missing when some of the settings are set and others are not; never with a value
 */
export function bucketSettings(setting: (name: string) => string): Bucket | null {
  const given = [...NEEDED, 'S3_ENDPOINT', 'S3_REGION'].filter((name) => setting(name) !== '');
  if (given.length === 0) return null;
  const endpoint = setting('S3_ENDPOINT');
  // Amazon's own store is told by its region, any other by its address.
  const needed = endpoint === '' ? [...NEEDED, 'S3_REGION'] : NEEDED;
  const missing = needed.filter((name) => setting(name) === '');
  if (missing.length > 0) {
    throw new Error(
      `${given.join(', ')} ${given.length === 1 ? 'is' : 'are'} set, but ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not. ` +
        'Pictures are kept in a bucket when all of S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY and one of S3_ENDPOINT and S3_REGION ' +
        'are set. Set what is missing, or none of them to keep pictures in DATA_DIR.',
    );
  }
  if (endpoint !== '' && !/^https?:\/\/[^/?#@]+\/?$/.test(endpoint)) {
    throw new Error(
      'S3_ENDPOINT must be the address of an S3-compatible store without path and without the name of the bucket, ' +
        'for example S3_ENDPOINT=https://s3.example.com.',
    );
  }
  return {
    name: setting('S3_BUCKET'),
    region: setting('S3_REGION') || ANY_REGION,
    endpoint: endpoint === '' ? null : endpoint.replace(/\/$/, ''),
    accessKeyId: setting('S3_ACCESS_KEY_ID'),
    secretAccessKey: setting('S3_SECRET_ACCESS_KEY'),
  };
}

/** What a client of the store needs to know. */
export function storeOptions({ region, endpoint, accessKeyId, secretAccessKey }: Bucket) {
  return {
    region,
    credentials: { accessKeyId, secretAccessKey },
    // Stores other than Amazon's seldom have a host name for each bucket, and not all know the newer checksums.
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    requestChecksumCalculation: 'WHEN_REQUIRED' as const,
    responseChecksumValidation: 'WHEN_REQUIRED' as const,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 20_000 },
  };
}
