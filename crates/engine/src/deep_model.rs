//! Finds and reads the model that the rule `likely-misspelling` uses.

use crate::named_files;
use crate::trouble::Trouble;
use postmend_typo::Deep;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// The rule that uses the model.
pub const RULE: &str = "likely-misspelling";

/// The file name of the model in the user's data folder.
const FILE_NAME: &str = "zh-deep.model";

/// The models that are loaded, by path: several configs may share one.
static OPEN: LazyLock<Mutex<HashMap<PathBuf, Arc<Deep>>>> = LazyLock::new(Mutex::default);

/// The maximum size of a model in bytes.
const LARGEST: u64 = 1_000_000_000;

/// The path of the model: the command line argument, or else the config's, or else the file in the user's data folder
/// if it exists.
pub fn path_to_use(named: Option<&Path>, configured: Option<&Path>) -> Option<PathBuf> {
    named.or(configured).map(Path::to_owned).or_else(|| user_model_path().filter(|path| path.exists()))
}

/// The path of a model in the user's data folder.
fn user_model_path() -> Option<PathBuf> {
    let data = std::env::var_os("XDG_DATA_HOME").filter(|path| !path.is_empty()).map(PathBuf::from);
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/share"));
    Some(data.or_else(home)?.join("postmend").join(FILE_NAME))
}

/// Loads the model in a file.
///
/// # Errors
/// There is no file, it cannot be read, or it is not a model.
pub fn open(path: Option<&Path>) -> Result<Arc<Deep>, Trouble> {
    const HELP: &str =
        "build one with `cargo xtask model --deep FOLDER`, and name it with `--deep=FILE` or `[words] model`";
    let Some(path) = path else {
        return Err(Trouble::new(format!("`{RULE}` needs a model, and none was found"), HELP));
    };
    let mut models = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(model) = models.get(path) {
        return Ok(Arc::clone(model));
    }
    let bytes = named_files::read(path, LARGEST)?;
    let deep = Deep::new(Box::new(bytes))
        .ok_or_else(|| Trouble::new(format!("{} is not a model", path.display()), HELP))?;
    let deep = Arc::new(deep);
    models.insert(path.to_owned(), Arc::clone(&deep));
    Ok(deep)
}
