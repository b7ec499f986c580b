//! Copies images: fetches each once, chooses a name for the copy, and determines its URL in each post.

use super::copy_names::CopyNames;
use super::plan_file::CopyRow;
use super::posts::MigrationPosts;
use crate::disk::{Folder, Outside, RelativePath};
use crate::fetch::{Picture, Policy, Wanted};
use crate::parallel;
use crate::plural::counted;
use crate::progress::{Progress, Things};
use crate::store::{Store, hash};
use crate::trouble::Trouble;
use postmend_rules::migrate::host;
use postmend_rules::proxy::Proxies;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

/// Where an image is fetched from first, if its URL goes through a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// From its own host.
    OriginFirst,
    /// From the proxy.
    ProxyFirst,
}

/// Options for copying images.
pub struct Copying {
    /// Options for fetching them.
    pub policy: Policy,
    /// Where they are fetched from first.
    pub order: Order,
    /// The names and URLs of the copies.
    pub names: CopyNames,
    /// The hashes of known placeholder images, which are rejected.
    pub denied: HashSet<String>,
    /// Whether a host may return the same image for many URLs.
    pub allow_same: bool,
}

/// If a host returns the same image for this many URLs, the image is a placeholder.
const SUSPICIOUS: usize = 5;

/// The copies of all images of a migration.
#[derive(Default)]
pub struct Copies {
    /// Each image by its URL, or the reason why it could not be fetched.
    images: HashMap<String, Result<FetchedImage, String>>,
    /// The copy for each image URL and post: the key has the index of the post, or `None` if all posts share the
    /// copy.
    copies: HashMap<(Option<usize>, String), PlacedCopy>,
    /// The copies to create or upload.
    pub rows: Vec<CopyRow>,
}

/// An image that was fetched. Its bytes are in the store's cache.
#[derive(Debug, Clone)]
struct FetchedImage {
    hash: String,
    extension: &'static str,
    media_type: &'static str,
}

/// The name of a copy, and its URL in a post.
#[derive(Debug, Clone)]
struct PlacedCopy {
    to: String,
    url: String,
}

/// The images to copy in each post, in the order of the text: the original URL, and the URL in the post.
pub type Shown = Vec<Vec<(String, String)>>;

/// Finds the images to copy.
pub fn images_to_copy(posts: &MigrationPosts) -> Shown {
    let list = |number: usize| {
        let found = RefCell::new(Vec::new());
        let note = |origin: &str, url: &str| {
            found.borrow_mut().push((origin.to_owned(), url.to_owned()));
            Err(String::new())
        };
        posts.with_text(number, |post, migration, text| {
            migration.plan_with(&post.context(), text, Some(&note));
        });
        found.into_inner()
    };
    parallel::map_indexes(posts.list.len(), list)
}

/// The number of images to fetch from each host.
pub fn by_host(shown: &Shown) -> BTreeMap<String, usize> {
    let unique: HashSet<&str> = shown.iter().flatten().map(|(origin, _)| origin.as_str()).collect();
    let mut hosts = BTreeMap::new();
    unique.into_iter().for_each(|origin| *hosts.entry(host(origin).to_owned()).or_default() += 1);
    hosts
}

impl Copying {
    /// Fetches every image once, and chooses a name for each copy.
    ///
    /// # Errors
    /// The cache cannot be written.
    pub fn copy(
        &self,
        posts: &MigrationPosts,
        shown: &Shown,
        store: &Store,
        progress: &dyn Progress,
    ) -> Result<Copies, Trouble> {
        let (cache, root) = (store.cache()?, store.open_root()?);
        let mut copies = Copies { images: self.fetch(shown, &cache, progress)?, ..Copies::default() };
        if !self.allow_same {
            refuse_notices(&mut copies.images);
        }
        for image in copies.images.values_mut() {
            if image.as_ref().is_ok_and(|fetched| self.denied.contains(&fetched.hash)) {
                *image = Err("was denied with `--denied`".to_owned());
            }
        }
        let mut taken: HashMap<String, String> = HashMap::new();
        for (number, images) in shown.iter().enumerate() {
            for (origin, _) in images {
                let Some(Ok(image)) = copies.images.get(origin) else { continue };
                let post = store.name_of(&posts.list[number].real())?.to_text();
                let key = (self.names.is_per_post().then_some(number), origin.clone());
                if copies.copies.contains_key(&key) {
                    continue;
                }
                let to = self.free_name(origin, image, &post, &root, &taken);
                if self.names.store().is_none() {
                    // A name that leads out of the project is an error before anything is written.
                    RelativePath::new(Path::new(&to)).map_err(|why| no_place(&to, why))?;
                }
                let url = self.names.url(&to, &post);
                if taken.insert(to.clone(), image.hash.clone()).is_none() {
                    copies.rows.push(CopyRow {
                        to: to.clone(),
                        upload: self.names.store().map(str::to_owned),
                        hash: image.hash.clone(),
                        media_type: image.media_type.to_owned(),
                        from: origin.clone(),
                    });
                }
                copies.copies.insert(key, PlacedCopy { to, url });
            }
        }
        Ok(copies)
    }

    /// A name that no other image has in this plan or on the disk.
    fn free_name(
        &self,
        origin: &str,
        image: &FetchedImage,
        post: &str,
        root: &Folder,
        taken: &HashMap<String, String>,
    ) -> String {
        let name = self.names.name(origin, &image.hash, image.extension, post);
        let is_free = |name: &str| match taken.get(name) {
            Some(other) => *other == image.hash,
            None if self.names.store().is_some() => true,
            None => {
                match RelativePath::new(Path::new(name)).map(|name| root.read(&name, self.policy.max_size)) {
                    Ok(Ok(bytes)) => hash(&bytes) == image.hash,
                    Ok(Err(error)) => error.kind() == std::io::ErrorKind::NotFound,
                    Err(_) => true,
                }
            }
        };
        if is_free(&name) {
            return name;
        }
        let (stem, ending) = match name.rsplit_once('.') {
            Some((stem, ending)) if !ending.contains('/') => (stem, format!(".{ending}")),
            _ => (name.as_str(), String::new()),
        };
        format!("{stem}-{}{ending}", &image.hash[..12])
    }

    fn fetch(
        &self,
        shown: &Shown,
        cache: &Folder,
        progress: &dyn Progress,
    ) -> Result<HashMap<String, Result<FetchedImage, String>>, Trouble> {
        let mut images: HashMap<String, Result<FetchedImage, String>> = HashMap::new();
        let mut wanted: Vec<Wanted> = Vec::new();
        let mut seen: HashSet<&str> = HashSet::new();
        let proxies = Proxies::catalogue();
        for (origin, url) in shown.iter().flatten().filter(|(origin, _)| seen.insert(origin)) {
            // Images that an interrupted run fetched are not fetched again.
            match cache.read(&cached(origin), self.policy.max_size).ok().and_then(cached_image) {
                Some(kept) => drop(images.insert(origin.clone(), Ok(kept))),
                None => wanted.push(Wanted {
                    origin: origin.clone(),
                    addresses: self.addresses(origin, url, &proxies),
                }),
            }
        }
        progress.start(Things::Images, wanted.len());
        let results = Mutex::new((&mut images, None));
        fetch_all(&self.policy, wanted, |wanted, fetched| {
            let fetched = fetched.map(|picture| keep(cache, &wanted.origin, picture));
            let mut results = results.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            match fetched {
                Ok(Ok(kept)) => drop(results.0.insert(wanted.origin.clone(), Ok(kept))),
                Ok(Err(error)) => results.1 = Some(Trouble::with_path("write", cache.path(), &error)),
                Err(reason) => drop(results.0.insert(wanted.origin.clone(), Err(reason))),
            }
            progress.advance(1);
        });
        progress.finish();
        let (_, trouble) = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        trouble.map_or(Ok(images), Err)
    }

    /// The URLs to fetch an image from: its own host and, if the post's URL goes through a proxy, the proxy.
    fn addresses(&self, origin: &str, url: &str, proxies: &Proxies) -> Vec<String> {
        let mut addresses = vec![origin.to_owned()];
        if let Some(proxied) = proxies.find(origin) {
            addresses
                .splice(0..0, proxied.intended_url().filter(|address| postmend_core::is_absolute(address)));
        }
        if url != origin && postmend_core::is_absolute(url) {
            addresses.push(url.to_owned());
        }
        if self.order == Order::ProxyFirst {
            addresses.reverse();
        }
        addresses.iter_mut().filter(|address| address.starts_with("//")).for_each(|address| {
            address.insert_str(0, "https:");
        });
        addresses
    }
}

/// Fetches images, and calls `each` for each one that was fetched or failed.
#[cfg(feature = "fetch")]
fn fetch_all(
    policy: &Policy,
    wanted: Vec<Wanted>,
    on_result: impl Fn(&Wanted, Result<Picture, String>) + Sync,
) {
    crate::fetch::Fetcher::new(policy.clone()).fetch_all(wanted, on_result);
}

/// Fails for every image, as fetching is not built in.
#[cfg(not(feature = "fetch"))]
fn fetch_all(_: &Policy, wanted: Vec<Wanted>, on_result: impl Fn(&Wanted, Result<Picture, String>) + Sync) {
    wanted
        .iter()
        .for_each(|wanted| on_result(wanted, Err("this postmend was built without `fetch`".to_owned())));
}

impl Copies {
    /// The URL of an image's copy in one post, or the reason why there is no copy.
    pub fn of(&self, number: usize, origin: &str) -> Result<String, String> {
        match self.images.get(origin) {
            Some(Err(reason)) => return Err(reason.clone()),
            None => return Err("was not fetched".to_owned()),
            Some(Ok(_)) => {}
        }
        self.copy_for(number, origin).map(|copy| copy.url.clone()).ok_or_else(|| "has no target".to_owned())
    }

    /// The name of the copy that one post uses.
    pub fn name_of(&self, number: usize, origin: &str) -> Option<String> {
        self.copy_for(number, origin).map(|copy| copy.to.clone())
    }

    fn copy_for(&self, number: usize, origin: &str) -> Option<&PlacedCopy> {
        let key = |post| (post, origin.to_owned());
        self.copies.get(&key(None)).or_else(|| self.copies.get(&key(Some(number))))
    }
}

/// The path of an image in the cache.
pub fn cached(origin: &str) -> RelativePath {
    RelativePath::new(Path::new(&hash(origin.as_bytes()))).expect("a hash is a name")
}

/// The trouble for a copy whose name leads out of the project.
pub fn no_place(to: &str, why: Outside) -> Trouble {
    Trouble::new(
        format!("{to} is not a valid path for a copy: it {why}"),
        "fix the plan, or `--download` and `--name`",
    )
}

fn keep(cache: &Folder, origin: &str, picture: Picture) -> std::io::Result<FetchedImage> {
    let path = cached(origin);
    let whole = path.beside(&format!("{path}.part")).map_err(std::io::Error::other)?;
    let _ = cache.remove_file(&whole);
    cache.create(&whole, 0o600)?.write_all(&picture.bytes)?;
    cache.rename(&whole, cache, &path)?;
    Ok(FetchedImage {
        hash: hash(&picture.bytes),
        extension: picture.extension,
        media_type: picture.media_type,
    })
}

/// An image that was fetched before; `None` if the bytes are not an image.
fn cached_image(bytes: Vec<u8>) -> Option<FetchedImage> {
    let Picture { bytes, extension, media_type } = Picture::proved(bytes)?;
    Some(FetchedImage { hash: hash(&bytes), extension, media_type })
}

/// Rejects an image that a host returns for many different URLs: it is a placeholder, such as "hotlinking is not
/// allowed", and not the requested image.
fn refuse_notices(images: &mut HashMap<String, Result<FetchedImage, String>>) {
    let mut counts: HashMap<(String, String), usize> = HashMap::new();
    for (origin, image) in images.iter() {
        if let Ok(image) = image {
            *counts.entry((host(origin).to_owned(), image.hash.clone())).or_default() += 1;
        }
    }
    for (origin, fetched) in images.iter_mut() {
        let Ok(image) = fetched else { continue };
        let count = counts.get(&(host(origin).to_owned(), image.hash.clone())).copied().unwrap_or(0);
        if count >= SUSPICIOUS {
            *fetched = Err(format!("its host gives the same image for {}", counted(count, "address")));
        }
    }
}

/// The bytes of a copy, from the cache.
pub(super) fn fetched(copy: &CopyRow, cache: &Folder) -> Result<Vec<u8>, Trouble> {
    let bytes = cache.read(&cached(&copy.from), u64::MAX).ok().filter(|bytes| hash(bytes) == copy.hash);
    // They must be an image of the type in the plan, as anything may have been put into the cache.
    let proved = bytes.and_then(Picture::proved).filter(|picture| picture.media_type == copy.media_type);
    proved.map(|picture| picture.bytes).ok_or_else(|| {
        let message = format!("the image for {} is no longer in the cache", copy.to);
        Trouble::new(message, "plan again to fetch it")
    })
}
