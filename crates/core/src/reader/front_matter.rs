//! Collects the front matter's URLs, images, prose and directives.

use super::Reader;
use crate::Span;
use crate::field_role::{FieldRole, Roles, nearest_name};
use crate::front::{FrontMatter, Value};
use crate::image::{Alt, ImageSyntax};
use crate::prose::PassageKind;
use crate::url::{Role, Url, is_absolute, names_an_image};

/// Parts of key names that indicate the URL of an image.
const IMAGE_KEYS: [&str; 14] = [
    "image",
    "img",
    "cover",
    "thumb",
    "banner",
    "photo",
    "picture",
    "avatar",
    "poster",
    "hero",
    "headimg",
    "logo",
    "background",
    "feature",
];

impl<'t> Reader<'t> {
    pub(super) fn front_matter(&mut self, matter: &FrontMatter<'t>, roles: &Roles) {
        for (index, field) in matter.fields.iter().enumerate() {
            let Value::Text(value) = &field.value else { continue };
            let is_prose = roles.of(matter, index) == Some(FieldRole::Prose);
            let key = nearest_name(matter, index);
            let Some((span, escaping)) = field.scalar(self.text) else {
                if is_prose {
                    self.front_prose(field.span, value);
                }
                continue;
            };
            if let Some(role) = url_role(key, value) {
                let templated = value.contains("{{") || value.contains("{%");
                self.urls.push(Url { span, value: value.clone(), escaping, role, templated });
                if role == Role::Image {
                    let url = self.urls.len() as u32 - 1;
                    self.image(field.span, Some(url), Alt::Unsaid, ImageSyntax::Front);
                }
            } else if is_prose {
                self.front_prose(span, value);
            }
        }
        for comment in &matter.comments {
            let inside = comment.of(self.text).trim_start_matches('#');
            let start = comment.end as usize - inside.len();
            self.comment(Span::new(start, comment.end as usize));
        }
    }

    fn front_prose(&mut self, span: Span, value: &str) {
        self.prose.begin(PassageKind::Front);
        if span.of(self.text) == value {
            self.prose.push(value, span);
        } else {
            self.prose.push_stand_in(value, span);
        }
        self.prose.end();
    }
}

/// The role of a value if it is a URL: it has a host, or is the name of an image file and its key indicates an
/// image.
fn url_role(key: &str, value: &str) -> Option<Role> {
    let (absolute, image) = (is_absolute(value) || value.starts_with("data:"), names_an_image(value));
    if !absolute && !image {
        return None;
    }
    let lower = key.to_ascii_lowercase();
    let says_image = IMAGE_KEYS.iter().any(|part| lower.contains(part));
    match (absolute, says_image, image) {
        (true, true, _) | (true, _, true) => Some(Role::Image),
        (true, false, false) => (!value.contains(char::is_whitespace)).then_some(Role::Link),
        (false, ..) => says_image.then_some(Role::Image),
    }
}
