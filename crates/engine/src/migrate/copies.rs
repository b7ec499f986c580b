//! Copies images: fetches each once, finds a place for it, and tells each post where that is.

use super::copy_names::CopyNames;
use super::plan_file::CopyRow;
use super::posts::MigrationPosts;
use crate::disk::{Below, Folder, Outside};
use crate::fetch::{Picture, Policy, Wanted};
use crate::plural::counted;
use crate::progress::{Progress, Things};
use crate::store::{Store, hash};
use crate::trouble::Trouble;
use postmend_rules::migrate::host;
use postmend_rules::proxy::Proxies;
use rayon::prelude::*;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

/// Where an image is asked for first, if its URL goes through a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// At its own host.
    OriginFirst,
    /// At the proxy.
    ProxyFirst,
}

/// How images are copied.
pub struct Copying {
    /// How they are fetched.
    pub policy: Policy,
    /// Where they are asked for first.
    pub order: Order,
    /// Where they go.
    pub names: CopyNames,
    /// The hashes of images that are notices.
    pub denied: HashSet<String>,
    /// Whether a host may give the same image for many addresses.
    pub allow_same: bool,
}

/// A host that gives one image for so many addresses shows a notice instead of images.
const SUSPICIOUS: usize = 5;

/// The copies of all images of a migration.
#[derive(Default)]
pub struct Copies {
    /// Each image that could be had, or why it could not.
    had: HashMap<String, Result<FetchedImage, String>>,
    /// The copy of each image for each post: the post's number among the posts, or none if all share it.
    placed: HashMap<(Option<usize>, String), PlacedCopy>,
    /// What is to be made or uploaded.
    pub rows: Vec<CopyRow>,
}

/// An image that could be had. Its bytes are in the store's cache.
#[derive(Debug, Clone)]
struct FetchedImage {
    hash: String,
    extension: &'static str,
    media_type: &'static str,
}

/// A copy: its name, and the URL that a post shows it with.
#[derive(Debug, Clone)]
struct PlacedCopy {
    to: String,
    url: String,
}

/// The images that the posts show and that are to be copied, in their order: each by its own URL and by
/// the post's.
pub type Shown = Vec<Vec<(String, String)>>;

/// Finds the images that would be copied.
pub fn shown(posts: &MigrationPosts) -> Shown {
    let list = |number: usize| {
        let found = RefCell::new(Vec::new());
        let note = |origin: &str, url: &str| {
            found.borrow_mut().push((origin.to_owned(), url.to_owned()));
            Err(String::new())
        };
        posts.with_text(number, |post, migration, text| {
            migration.plan_with(&post.home(), text, Some(&note));
        });
        found.into_inner()
    };
    (0..posts.list.len()).into_par_iter().map(list).collect()
}

/// How many images of each host would be fetched.
pub fn by_host(shown: &Shown) -> BTreeMap<String, usize> {
    let unique: HashSet<&str> = shown.iter().flatten().map(|(origin, _)| origin.as_str()).collect();
    let mut hosts = BTreeMap::new();
    unique.into_iter().for_each(|origin| *hosts.entry(host(origin).to_owned()).or_default() += 1);
    hosts
}

impl Copying {
    /// Fetches every image once, and finds a place for its copy.
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
        let mut copies = Copies { had: self.fetch(shown, &cache, progress)?, ..Copies::default() };
        if !self.allow_same {
            refuse_notices(&mut copies.had);
        }
        for one in copies.had.values_mut() {
            if one.as_ref().is_ok_and(|had| self.denied.contains(&had.hash)) {
                *one = Err("was denied with `--denied`".to_owned());
            }
        }
        let mut taken: HashMap<String, String> = HashMap::new();
        for (number, images) in shown.iter().enumerate() {
            for (origin, _) in images {
                let Some(Ok(had)) = copies.had.get(origin) else { continue };
                let post = store.name_of(&posts.list[number].real())?.to_text();
                let key = (self.names.is_per_post().then_some(number), origin.clone());
                if copies.placed.contains_key(&key) {
                    continue;
                }
                let to = self.free_name(origin, had, &post, &root, &taken);
                if self.names.store().is_none() {
                    // What is no path of the project is told before anything is written.
                    Below::new(Path::new(&to)).map_err(|why| no_place(&to, why))?;
                }
                let url = self.names.url(&to, &post);
                if taken.insert(to.clone(), had.hash.clone()).is_none() {
                    copies.rows.push(CopyRow {
                        to: to.clone(),
                        upload: self.names.store().map(str::to_owned),
                        hash: had.hash.clone(),
                        media_type: had.media_type.to_owned(),
                        from: origin.clone(),
                    });
                }
                copies.placed.insert(key, PlacedCopy { to, url });
            }
        }
        Ok(copies)
    }

    /// A name that no other image has, here or on the disk.
    fn free_name(
        &self,
        origin: &str,
        had: &FetchedImage,
        post: &str,
        root: &Folder,
        taken: &HashMap<String, String>,
    ) -> String {
        let name = self.names.name(origin, &had.hash, had.extension, post);
        let is_free = |name: &str| match taken.get(name) {
            Some(other) => *other == had.hash,
            None if self.names.store().is_some() => true,
            None => match Below::new(Path::new(name)).map(|name| root.read(&name, self.policy.max_size)) {
                Ok(Ok(bytes)) => hash(&bytes) == had.hash,
                Ok(Err(error)) => error.kind() == std::io::ErrorKind::NotFound,
                Err(_) => true,
            },
        };
        if is_free(&name) {
            return name;
        }
        let (stem, ending) = match name.rsplit_once('.') {
            Some((stem, ending)) if !ending.contains('/') => (stem, format!(".{ending}")),
            _ => (name.as_str(), String::new()),
        };
        format!("{stem}-{}{ending}", &had.hash[..12])
    }

    fn fetch(
        &self,
        shown: &Shown,
        cache: &Folder,
        progress: &dyn Progress,
    ) -> Result<HashMap<String, Result<FetchedImage, String>>, Trouble> {
        let mut had: HashMap<String, Result<FetchedImage, String>> = HashMap::new();
        let mut wanted: Vec<Wanted> = Vec::new();
        let mut known: HashSet<&str> = HashSet::new();
        let proxies = Proxies::catalogue();
        for (origin, url) in shown.iter().flatten().filter(|(origin, _)| known.insert(origin)) {
            // What an interrupted run has fetched is not fetched again.
            match cache.read(&cached(origin), self.policy.max_size).ok().and_then(kept) {
                Some(kept) => drop(had.insert(origin.clone(), Ok(kept))),
                None => wanted.push(Wanted {
                    origin: origin.clone(),
                    addresses: self.addresses(origin, url, &proxies),
                }),
            }
        }
        progress.start(Things::Images, wanted.len());
        let results = Mutex::new((&mut had, None));
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
        trouble.map_or(Ok(had), Err)
    }

    /// Where an image may be had: at its own host and, if the post goes through a proxy, there.
    fn addresses(&self, origin: &str, url: &str, proxies: &Proxies) -> Vec<String> {
        let mut addresses = vec![origin.to_owned()];
        if let Some(proxied) = proxies.find(origin) {
            addresses.splice(0..0, proxied.meant().filter(|meant| postmend_core::is_absolute(meant)));
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

/// Fetches images, each of which is handed over as it comes or fails.
#[cfg(feature = "fetch")]
fn fetch_all(policy: &Policy, wanted: Vec<Wanted>, each: impl Fn(&Wanted, Result<Picture, String>) + Sync) {
    crate::fetch::Fetcher::new(policy.clone()).fetch_all(wanted, each);
}

/// None can be had.
#[cfg(not(feature = "fetch"))]
fn fetch_all(_: &Policy, wanted: Vec<Wanted>, each: impl Fn(&Wanted, Result<Picture, String>) + Sync) {
    wanted.iter().for_each(|wanted| each(wanted, Err("this postmend was built without `fetch`".to_owned())));
}

impl Copies {
    /// Where one post finds the copy of an image: its URL there, or why there is none.
    pub fn of(&self, number: usize, origin: &str) -> Result<String, String> {
        match self.had.get(origin) {
            Some(Err(reason)) => return Err(reason.clone()),
            None => return Err("was not fetched".to_owned()),
            Some(Ok(_)) => {}
        }
        self.placed(number, origin).map(|placed| placed.url.clone()).ok_or_else(|| "has no target".to_owned())
    }

    /// The name of the copy that one post shows.
    pub fn name_of(&self, number: usize, origin: &str) -> Option<String> {
        self.placed(number, origin).map(|placed| placed.to.clone())
    }

    fn placed(&self, number: usize, origin: &str) -> Option<&PlacedCopy> {
        let key = |post| (post, origin.to_owned());
        self.placed.get(&key(None)).or_else(|| self.placed.get(&key(Some(number))))
    }
}

/// The file of the cache that an image is kept in.
pub fn cached(origin: &str) -> Below {
    Below::new(Path::new(&hash(origin.as_bytes()))).expect("a hash is a name")
}

/// What is told of a copy that the templates place outside.
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

/// What was fetched before, if it is an image.
fn kept(bytes: Vec<u8>) -> Option<FetchedImage> {
    let Picture { bytes, extension, media_type } = Picture::proved(bytes)?;
    Some(FetchedImage { hash: hash(&bytes), extension, media_type })
}

/// Refuses what a host gives for many different addresses: that is a notice, such as "hotlinking is not
/// allowed", and no image that was asked for.
fn refuse_notices(had: &mut HashMap<String, Result<FetchedImage, String>>) {
    let mut counts: HashMap<(String, String), usize> = HashMap::new();
    for (origin, one) in had.iter() {
        if let Ok(one) = one {
            *counts.entry((host(origin).to_owned(), one.hash.clone())).or_default() += 1;
        }
    }
    for (origin, one) in had.iter_mut() {
        let Ok(image) = one else { continue };
        let count = counts.get(&(host(origin).to_owned(), image.hash.clone())).copied().unwrap_or(0);
        if count >= SUSPICIOUS {
            *one = Err(format!("its host gives the same image for {}", counted(count, "address")));
        }
    }
}

/// The bytes of a copy, from the cache.
pub(super) fn fetched(copy: &CopyRow, cache: &Folder) -> Result<Vec<u8>, Trouble> {
    let bytes = cache.read(&cached(&copy.from), u64::MAX).ok().filter(|bytes| hash(bytes) == copy.hash);
    // What the plan calls an image must be one, whoever put it there.
    let proved = bytes.and_then(Picture::proved).filter(|picture| picture.media_type == copy.media_type);
    proved.map(|picture| picture.bytes).ok_or_else(|| {
        let message = format!("the image for {} is no longer in the cache", copy.to);
        Trouble::new(message, "plan again to fetch it")
    })
}
