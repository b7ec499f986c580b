//! The names of image copies, and their URLs in posts.

use postmend_rules::migrate::{host, slug};

/// Templates for the names and URLs of copies.
///
/// Placeholders: `{hash}`, `{ext}` (by the type of the image), and `{file}`, `{stem}`, `{host}`, `{path}` of the
/// image's URL; `{slug}`, `{post}` (the file name without its extension) and `{folder}` of the post; in URLs also
/// `{name}` (the copy's path below the folder) and `{relative}` (its path relative to the post's folder).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyNames {
    folder: String,
    name: String,
    url: String,
    /// The store that copies are uploaded to; `None` for the project.
    store: Option<String>,
}

/// The placeholders for names and URLs.
const NAMES: [&str; 9] = ["hash", "ext", "file", "stem", "host", "path", "slug", "post", "folder"];

/// Folders whose content the generators copy to the root of the site.
const PUBLIC: [&str; 3] = ["source", "static", "public"];

/// The number of hexadecimal digits of the hash in names.
const HASH_DIGITS: usize = 32;

impl CopyNames {
    /// Copies in a folder of the project. Without a URL template, URLs are absolute if the generators copy the folder
    /// to the root of the site, and relative otherwise.
    ///
    /// # Errors
    /// A template has an unknown placeholder, or gives every image the same name.
    pub fn below(folder: &str, name: &str, url: Option<&str>) -> Result<Self, String> {
        let folder = folder.trim_end_matches('/').trim_start_matches("./").to_owned();
        let parts: Vec<&str> = folder.split('/').collect();
        let public = parts.iter().position(|part| PUBLIC.contains(part));
        let public = public.map(|at| {
            let below: String = parts[at + 1..].iter().map(|part| format!("/{part}")).collect();
            format!("{below}/{{name}}")
        });
        let is_per_post = folder.contains('{');
        let url = match url {
            Some(url) => url.to_owned(),
            None if is_per_post => "{relative}".to_owned(),
            None => public.unwrap_or_else(|| "{relative}".to_owned()),
        };
        Self { folder, name: name.to_owned(), url, store: None }.checked()
    }

    /// Copies in a store that serves them under these URLs.
    ///
    /// # Errors
    /// A template has an unknown placeholder, or the URL does not contain the copy's name.
    pub fn remote(store: &str, prefix: &str, name: &str, url: &str) -> Result<Self, String> {
        if !url.contains("{name}") {
            return Err(format!("`{url}` lacks {{name}}, the copy's name"));
        }
        let folder = prefix.trim_matches('/').to_owned();
        Self { folder, name: name.to_owned(), url: url.to_owned(), store: Some(store.to_owned()) }.checked()
    }

    fn checked(self) -> Result<Self, String> {
        let check = |template: &str, more: &[&str]| {
            for part in template.split('{').skip(1) {
                let name = part.split('}').next().unwrap_or_default();
                if !NAMES.contains(&name) && !more.contains(&name) {
                    return Err(format!("`{template}` has the unknown placeholder `{{{name}}}`"));
                }
            }
            Ok(())
        };
        check(&self.folder, &[])?;
        check(&self.name, &[])?;
        check(&self.url, &["name", "relative"])?;
        let tells = ["{hash}", "{file}", "{stem}", "{path}"];
        if !tells.iter().any(|name| self.name.contains(name)) {
            return Err(format!("`{}` gives every image the same name; add {{hash}} or {{file}}", self.name));
        }
        Ok(self)
    }

    /// The store that copies are uploaded to; `None` for the project.
    pub fn store(&self) -> Option<&str> {
        self.store.as_deref()
    }

    /// Whether each post gets its own copies.
    pub fn is_per_post(&self) -> bool {
        let of_post = ["{slug}", "{post}", "{folder}", "{relative}"];
        [&self.folder, &self.name, &self.url]
            .iter()
            .any(|part| of_post.iter().any(|name| part.contains(name)))
    }

    /// The copy's path relative to the project's root, or its key in the store.
    pub fn name(&self, origin: &str, hash: &str, extension: &str, post: &str) -> String {
        let whole =
            if self.folder.is_empty() { self.name.clone() } else { format!("{}/{}", self.folder, self.name) };
        let filled = fill(&whole, origin, hash, extension, post);
        let parts = filled.split('/').filter(|part| !part.is_empty() && *part != "." && *part != "..");
        let name = parts.map(safe).collect::<Vec<_>>().join("/");
        // Without an image extension, or hidden, the file might be one that another program uses.
        if self.store.is_some() || is_called_an_image(&name) { name } else { format!("{name}.{extension}") }
    }

    /// The URL of a copy in one post.
    pub fn url(&self, to: &str, post: &str) -> String {
        let prefix = fill(&self.folder, "", "", "", post);
        let name = to.strip_prefix(&prefix).map_or(to, |name| name.trim_start_matches('/'));
        let url =
            self.url.replace("{name}", &encoded(name)).replace("{relative}", &encoded(&relative(to, post)));
        let file = to.rsplit('/').next().unwrap_or(to);
        fill(&url.replace("{file}", &encoded(file)), "", "", "", post)
    }
}

fn fill(template: &str, origin: &str, hash: &str, extension: &str, post: &str) -> String {
    let path = origin.split(['?', '#']).next().unwrap_or_default();
    let path =
        path.split_once("//").map_or(path, |(_, after)| after.split_once('/').map_or("", |(_, path)| path));
    let file = path.rsplit('/').next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let (folder, name) = post.rsplit_once('/').unwrap_or(("", post));
    let post_stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let hash = hash.get(..HASH_DIGITS).unwrap_or(hash);
    let values = [hash, extension, file, stem, host(origin), path, slug(post), post_stem, folder];
    let mut filled = template.to_owned();
    for (name, value) in NAMES.iter().zip(values) {
        filled = filled.replace(&format!("{{{name}}}"), value);
    }
    filled
}

/// The file extensions of images.
const ENDINGS: [&str; 17] = [
    "apng", "avif", "bmp", "gif", "heic", "heif", "ico", "jfif", "jpe", "jpeg", "jpg", "jxl", "png", "svg",
    "tif", "tiff", "webp",
];

/// Whether a path has an image extension and no hidden component.
pub fn is_called_an_image(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let is_hidden = path.split('/').any(|part| part.starts_with('.'));
    !is_hidden && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// A path component that is valid on every system and in every URL.
fn safe(part: &str) -> String {
    let decoded = percent_decoded(part);
    let is_safe = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '~');
    let mut name: String = decoded.chars().map(|c| if is_safe(c) { c } else { '-' }).collect();
    if name.len() > 120 {
        let from = name.ceil_char_boundary(name.len() - 120);
        name.drain(..from);
    }
    if name.starts_with('.') {
        name.replace_range(..1, "-");
    }
    name
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()).filter(|_| byte == b'%') {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// A path for a URL: non-ASCII characters, which `safe` keeps, are percent-encoded.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii() {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The relative path from a post to a file; both are relative to the project's root.
fn relative(to: &str, post: &str) -> String {
    let folders = |path: &str| {
        let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
        parts.pop();
        parts
    };
    let (from, into) = (folders(post), folders(to));
    let shared = from.iter().zip(&into).take_while(|(a, b)| a == b).count();
    let mut way: Vec<&str> = vec![".."; from.len() - shared];
    way.extend(into[shared..].iter().map(String::as_str));
    way.push(to.rsplit('/').next().unwrap_or(to));
    way.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_place_that_the_generators_look_at() {
        let hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        let origin = "https://a.example/b/%E5%9B%BE%20c.PNG?w=1";
        let post = "source/_posts/2022-02-07-spring.md";
        let cases = [
            (
                "source/img",
                "{hash}.{ext}",
                None,
                "source/img/0123456789abcdef0123456789abcdef.png",
                "/img/0123456789abcdef0123456789abcdef.png",
            ),
            ("static/", "{host}/{path}", None, "static/a.example/b/图-c.PNG", "/a.example/b/%E5%9B%BE-c.PNG"),
            ("assets/img", "{file}", None, "assets/img/图-c.PNG", "../../assets/img/%E5%9B%BE-c.PNG"),
            (
                "assets/img",
                "{stem}.{ext}",
                Some("/assets/img/{name}"),
                "assets/img/图-c.png",
                "/assets/img/%E5%9B%BE-c.png",
            ),
            ("blog/source/img", "a-{file}", None, "blog/source/img/a-图-c.PNG", "/img/a-%E5%9B%BE-c.PNG"),
            (
                "{folder}/{post}",
                "{file}",
                None,
                "source/_posts/2022-02-07-spring/图-c.PNG",
                "2022-02-07-spring/%E5%9B%BE-c.PNG",
            ),
            (
                "{folder}/{post}",
                "{file}",
                Some("{file}"),
                "source/_posts/2022-02-07-spring/图-c.PNG",
                "%E5%9B%BE-c.PNG",
            ),
            ("{folder}", "{slug}-{file}", None, "source/_posts/spring-图-c.PNG", "spring-%E5%9B%BE-c.PNG"),
        ];
        for (folder, name, url, path, shown) in cases {
            let placing = CopyNames::below(folder, name, url).unwrap();
            let to = placing.name(origin, hash, "png", post);
            assert_eq!((to.as_str(), placing.url(&to, post).as_str()), (path, shown), "{folder} {name}");
        }
        let remote =
            CopyNames::remote("s3://b", "blog/", "{hash}.{ext}", "https://img.example/{name}").unwrap();
        let to = remote.name(origin, hash, "png", post);
        assert_eq!(to, "blog/0123456789abcdef0123456789abcdef.png");
        assert_eq!(remote.url(&to, post), "https://img.example/0123456789abcdef0123456789abcdef.png");
    }

    #[test]
    fn refuses_templates_that_cannot_be_meant() {
        assert!(CopyNames::below("img", "{nam}", None).unwrap_err().contains("`{nam}`"));
        assert!(CopyNames::below("img", "a.{ext}", None).unwrap_err().contains("the same name"));
        assert!(
            CopyNames::remote("s3://b", "", "{hash}", "https://img.example/").unwrap_err().contains("{name}")
        );
    }

    #[test]
    fn leaves_no_way_out_of_the_folder() {
        let placing = CopyNames::below("img", "{path}", None).unwrap();
        assert_eq!(
            placing.name("https://a.example/../../etc/%2e%2e%2Fpasswd", "", "png", "a.md"),
            "img/etc/-.-passwd.png"
        );
        assert_eq!(placing.name("https://a.example/.git/config", "", "png", "a.md"), "img/-git/config.png");
    }
}
