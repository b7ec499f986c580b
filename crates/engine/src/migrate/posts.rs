//! The posts that a migration is about.

use crate::find_posts::{FindOptions, Finder, PostFile};
use crate::trouble::Trouble;
use postmend_core::decode::decode;
use postmend_rules::migrate::{Migration, MigrationOptions};
use std::collections::HashMap;

/// A migration for a site whose own proxies have these templates.
///
/// # Errors
/// A map that cannot be used.
pub fn migration_of(options: &MigrationOptions, templates: &[String]) -> Result<Migration, Trouble> {
    Migration::new(options, templates)
        .map_err(|message| Trouble::new(message, "see `postmend migrate --help`"))
}

/// The posts that a migration is about.
pub struct MigrationPosts {
    /// All of them, in their order.
    pub list: Vec<PostFile>,
    /// By the site's own proxies.
    pub(super) migrations: HashMap<Vec<String>, Migration>,
    pub(super) troubles: Vec<Trouble>,
}

impl MigrationPosts {
    /// Finds the posts that are asked for.
    ///
    /// # Errors
    /// A path or config that cannot be read, or a map that cannot be used.
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

    /// Whether nothing says where URLs move to.
    pub fn move_nothing(&self) -> bool {
        self.migrations.values().all(Migration::moves_nothing)
    }

    /// Looks at the text of a post, if it can be read.
    pub fn with_text(&self, number: usize, look: impl FnOnce(&PostFile, &Migration, &str)) {
        let post = &self.list[number];
        let Ok(bytes) = post.bytes() else { return };
        if let Ok(decoded) = decode(&bytes) {
            look(post, &self.migrations[post.site.proxy_templates()], &decoded.text);
        }
    }
}
