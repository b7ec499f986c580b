//! The posts of a migration.

use crate::find_posts::{FindOptions, Finder, PostFile};
use crate::trouble::Trouble;
use postmend_core::decode::decode;
use postmend_rules::migrate::{Migration, MigrationOptions};
use std::collections::HashMap;

/// A migration for a site whose own proxies have these templates.
///
/// # Errors
/// A map cannot be used.
pub fn migration_of(options: &MigrationOptions, templates: &[String]) -> Result<Migration, Trouble> {
    Migration::new(options, templates)
        .map_err(|message| Trouble::new(message, "see `postmend migrate --help`"))
}

/// The posts of a migration.
pub struct MigrationPosts {
    /// All posts, sorted.
    pub list: Vec<PostFile>,
    /// The migrations, by the proxy templates of the sites.
    pub(super) migrations: HashMap<Vec<String>, Migration>,
    pub(super) troubles: Vec<Trouble>,
}

impl MigrationPosts {
    /// Finds the posts.
    ///
    /// # Errors
    /// A config or a map cannot be used.
    pub fn find(find: &FindOptions, options: &MigrationOptions) -> Result<Self, Trouble> {
        let (list, troubles) = Finder::new(find).find()?;
        let mut migrations: HashMap<Vec<String>, Migration> = HashMap::new();
        for templates in list.iter().map(|post| post.site.proxy_templates()) {
            if !migrations.contains_key(templates) {
                let migration = migration_of(options, templates)?;
                migrations.insert(templates.to_vec(), migration);
            }
        }
        Ok(Self { list, migrations, troubles })
    }

    /// Whether there is no map that moves any URL.
    pub fn move_nothing(&self) -> bool {
        self.migrations.values().all(Migration::moves_nothing)
    }

    /// Calls `look` with the text of a post, if it can be read.
    pub fn with_text(&self, number: usize, look: impl FnOnce(&PostFile, &Migration, &str)) {
        let post = &self.list[number];
        let Ok(bytes) = post.bytes() else { return };
        if let Ok(decoded) = decode(&bytes) {
            look(post, &self.migrations[post.site.proxy_templates()], &decoded.text);
        }
    }
}
