//! Finds the model that `likely-misspelling` asks, and maps it into memory.

use crate::trouble::Trouble;
use mmap_io::MemoryMappedFile;
use postmend_typo::Deep;
use std::collections::HashMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// The rule that asks it.
pub const RULE: &str = "likely-misspelling";

/// The name of its file.
const FILE_NAME: &str = "zh-deep.model";

/// Models that are open, as configs may share one.
static OPEN: LazyLock<Mutex<HashMap<PathBuf, Arc<Deep>>>> = LazyLock::new(Mutex::default);

/// A file that is mapped for reading.
struct Mapped(MemoryMappedFile);

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        self.0.as_slice_bytes(0, self.0.len()).unwrap_or_default()
    }
}

/// Where the model is: what the arguments say, what the config says, or where one is that was put in the
/// user's own folder of data.
pub fn place(told: Option<&PathBuf>, configured: Option<&Path>) -> Option<PathBuf> {
    told.map(PathBuf::as_path)
        .or(configured)
        .map(Path::to_owned)
        .or_else(|| own().filter(|path| path.exists()))
}

/// Where a model of the user's own is kept.
fn own() -> Option<PathBuf> {
    let data = std::env::var_os("XDG_DATA_HOME").filter(|path| !path.is_empty()).map(PathBuf::from);
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/share"));
    Some(data.or_else(home)?.join("postmend").join(FILE_NAME))
}

/// The model in a file.
///
/// # Errors
/// There is none, or it cannot be read, or it is something else.
pub fn open(path: Option<&Path>) -> Result<Arc<Deep>, Trouble> {
    const HELP: &str =
        "`cargo xtask model --deep FOLDER` makes one; name it with `--deep=FILE` or `[words] model`";
    let Some(path) = path else {
        return Err(Trouble::new(format!("`{RULE}` needs a model, and there is none"), HELP));
    };
    let mut models = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = models.get(path) {
        return Ok(Arc::clone(known));
    }
    let unreadable =
        |error: &dyn Display| Trouble::new(format!("cannot read {}: {error}", path.display()), HELP);
    // The system says it more shortly than the map does.
    crate::named::open(path)?;
    let map = MemoryMappedFile::open_ro(path).map_err(|error| unreadable(&error))?;
    let deep = Deep::new(Box::new(Mapped(map)))
        .ok_or_else(|| Trouble::new(format!("{} is no model", path.display()), HELP))?;
    let deep = Arc::new(deep);
    models.insert(path.to_owned(), Arc::clone(&deep));
    Ok(deep)
}
