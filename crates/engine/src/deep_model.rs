//! Finds and reads the model that `likely-misspelling` uses.

use crate::named_files;
use crate::trouble::Trouble;
use postmend_typo::Deep;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// The rule that asks it.
pub const RULE: &str = "likely-misspelling";

/// The name of its file.
const FILE_NAME: &str = "zh-deep.model";

/// Models that are open, as configs may share one.
static OPEN: LazyLock<Mutex<HashMap<PathBuf, Arc<Deep>>>> = LazyLock::new(Mutex::default);

/// The bytes that a model may have.
const LARGEST: u64 = 1_000_000_000;

/// Where the model is: what the arguments say, what the config says, or where one is that was put in the
/// user's own folder of data.
pub fn place(named: Option<&Path>, configured: Option<&Path>) -> Option<PathBuf> {
    named.or(configured).map(Path::to_owned).or_else(|| own().filter(|path| path.exists()))
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
        "build one with `cargo xtask model --deep FOLDER`, and name it with `--deep=FILE` or `[words] model`";
    let Some(path) = path else {
        return Err(Trouble::new(format!("`{RULE}` needs a model, and none was found"), HELP));
    };
    let mut models = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = models.get(path) {
        return Ok(Arc::clone(known));
    }
    let bytes = named_files::read(path, LARGEST)?;
    let deep = Deep::new(Box::new(bytes))
        .ok_or_else(|| Trouble::new(format!("{} is not a model", path.display()), HELP))?;
    let deep = Arc::new(deep);
    models.insert(path.to_owned(), Arc::clone(&deep));
    Ok(deep)
}
