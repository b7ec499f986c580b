//! Moves URLs of images in a whole repository: the moves are planned, shown, applied with a journal, and can be
//! resumed.

mod apply;
mod copies;
mod copy_names;
mod page;
mod plan;
mod plan_file;
mod posts;
mod summary;
mod upload;

pub use apply::{Application, Applied, kept_outline, patch, plan_name};
pub use copies::{Copying, Order, by_host, images_to_copy};
pub use copy_names::CopyNames;
pub use page::write_page;
pub use plan::{MadePlan, make};
pub use plan_file::{Outline, PlanRow, PostPlan, Proof, outline, read};
pub use posts::{MigrationPosts, migration_of};
pub use summary::PlanSummary;
pub use upload::{COMMAND, UploadTarget, store_and_prefix};
