//! S3-compatible stores, through `object_store`.

use super::uploader::Uploader;
use crate::migrate::plan_file::CopyRow;
use crate::trouble::Trouble;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::{Attribute, Attributes, ObjectStore, ObjectStoreExt, PutOptions};
use std::path::Path;

/// The `Cache-Control` header for an image whose name contains its hash.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// The header for other images.
const A_DAY: &str = "public, max-age=86400";

/// A bucket.
pub struct S3 {
    bucket: AmazonS3,
    runtime: tokio::runtime::Runtime,
}

impl S3 {
    /// Opens the bucket of `s3://bucket`; everything else comes from the usual AWS environment variables.
    ///
    /// # Errors
    /// The variables are missing or invalid.
    pub fn open(store: &str) -> Result<Self, Trouble> {
        let wrong = |error: String| {
            let help = "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT";
            Trouble::new(format!("cannot use {store}: {error}"), help)
        };
        let bucket = AmazonS3Builder::from_env()
            .with_bucket_name(store.trim_start_matches("s3://"))
            .build()
            .map_err(|error| wrong(error.to_string()))?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        Ok(Self { bucket, runtime: runtime.map_err(|error| wrong(error.to_string()))? })
    }
}

impl Uploader for S3 {
    fn put(&self, copy: &CopyRow, _: &Path, bytes: Vec<u8>) -> Result<bool, String> {
        let path = object_store::path::Path::from(copy.to.as_str());
        let length = bytes.len() as u64;
        let by_content = copy.hash.get(..32).is_some_and(|hash| copy.to.contains(hash));
        let attributes = Attributes::from_iter([
            (Attribute::ContentType, copy.media_type.clone()),
            (Attribute::CacheControl, if by_content { FOREVER } else { A_DAY }.to_owned()),
        ]);
        let options = PutOptions { attributes, ..PutOptions::default() };
        self.runtime.block_on(async {
            // The name contains the hash of the content, so an object of this name and size is the same.
            if by_content && self.bucket.head(&path).await.is_ok_and(|there| there.size == length) {
                return Ok(false);
            }
            self.bucket.put_opts(&path, bytes.into(), options).await.map_err(|error| error.to_string())?;
            Ok(true)
        })
    }
}
