//! Checks that bytes are an image: by their signature, dimensions and end.

use super::refusal::FetchFailure;
use imagesize::{Compression, ImageType};

/// An image that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// The usual file extension for this kind of image.
    pub extension: &'static str,
    /// Its MIME type.
    pub media_type: &'static str,
}

impl Picture {
    /// Checks that the bytes are an image.
    ///
    /// # Errors
    /// They are not an image, are a truncated one, or a placeholder.
    pub(super) fn prove(bytes: Vec<u8>) -> Result<Self, FetchFailure> {
        let (extension, media_type) = match kind(&bytes) {
            Some(kind) => kind,
            None if bytes.is_empty() => return Err(FetchFailure::permanent("the response is empty")),
            // Servers may answer with status 200 and a page that says that the image may not be shown here.
            None if looks_like_page(&bytes) => {
                let refusal = FetchFailure::permanent("the response is a web page, not an image");
                return Err(FetchFailure { depends_on_referrer: true, ..refusal });
            }
            None => return Err(FetchFailure::permanent("the response is not an image")),
        };
        if extension != "svg" {
            match imagesize::blob_size(&bytes) {
                Ok(size) if size.width <= 1 && size.height <= 1 => {
                    let refusal = FetchFailure::permanent("the image is a single pixel");
                    return Err(FetchFailure { depends_on_referrer: true, ..refusal });
                }
                Ok(_) => {}
                Err(_) => return Err(FetchFailure::permanent("the image is damaged")),
            }
        }
        if !is_whole(&bytes, extension) {
            return Err(FetchFailure::permanent("the image is truncated"));
        }
        Ok(Self { bytes, extension, media_type })
    }

    /// Checks bytes that were fetched before; `None` if they are not an image.
    pub fn proved(bytes: Vec<u8>) -> Option<Self> {
        Self::prove(bytes).ok()
    }
}

fn kind(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    if let Ok(kind) = imagesize::image_type(bytes) {
        return match kind {
            ImageType::Bmp => Some(("bmp", "image/bmp")),
            ImageType::Gif => Some(("gif", "image/gif")),
            ImageType::Heif(Compression::Av1) => Some(("avif", "image/avif")),
            ImageType::Heif(_) => Some(("heic", "image/heic")),
            ImageType::Ico => Some(("ico", "image/x-icon")),
            ImageType::Jpeg => Some(("jpg", "image/jpeg")),
            ImageType::Jxl => Some(("jxl", "image/jxl")),
            ImageType::Png => Some(("png", "image/png")),
            ImageType::Tiff => Some(("tiff", "image/tiff")),
            ImageType::Webp => Some(("webp", "image/webp")),
            _ => None,
        };
    }
    is_svg(bytes).then_some(("svg", "image/svg+xml"))
}

/// Whether the first element is `<svg>`, after declarations and comments.
fn is_svg(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let mut rest = text.trim_start_matches('\u{FEFF}').trim_start();
    loop {
        let end = if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<?") || starts_with(rest, "<!doctype svg") {
            ">"
        } else {
            return starts_with(rest, "<svg");
        };
        let Some((_, after)) = rest.split_once(end) else { return false };
        rest = after.trim_start();
    }
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

fn looks_like_page(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
    let head = head.trim_start_matches('\u{FEFF}').trim_start();
    head.starts_with('<') || head.starts_with('{')
}

/// The end of a file is looked for in this many bytes at most, as data may follow it.
const JPEG_TAIL: usize = 1 << 16;

/// Whether the end of the file is present, for the kinds that have a marker or length.
fn is_whole(bytes: &[u8], extension: &str) -> bool {
    match extension {
        "png" => bytes.windows(4).rev().take(JPEG_TAIL).any(|chunk| chunk == b"IEND"),
        "jpg" => bytes.windows(2).rev().take(JPEG_TAIL).any(|mark| mark == [0xFF, 0xD9]),
        "gif" => bytes.iter().rev().take(JPEG_TAIL).any(|byte| *byte == 0x3B),
        "webp" => {
            let length = bytes.get(4..8).and_then(|length| length.try_into().ok()).map(u32::from_le_bytes);
            length.is_some_and(|length| bytes.len() as u64 >= u64::from(length) + 8)
        }
        "svg" => bytes.trim_ascii_end().ends_with(b"</svg>") || bytes.trim_ascii_end().ends_with(b"/>"),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PNG of 2 × 2 pixels, with as many chunks as the check needs.
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x02\x08\x06\0\0\0\x72\xb6\x0d\x24\0\0\0\0IEND\xaeB`\x82";

    fn proven(bytes: &[u8]) -> Result<&'static str, String> {
        Picture::prove(bytes.to_vec()).map(|picture| picture.extension).map_err(|refusal| refusal.message)
    }

    #[test]
    fn tells_images_from_what_servers_give_instead() {
        assert_eq!(proven(PNG), Ok("png"));
        assert_eq!(proven(&PNG[..PNG.len() - 8]), Err("the image is truncated".into()));
        let mut pixel = PNG.to_vec();
        (pixel[19], pixel[23]) = (1, 1);
        assert_eq!(proven(&pixel), Err("the image is a single pixel".into()));
        assert_eq!(
            proven(b"<!doctype html><h1>Not Found"),
            Err("the response is a web page, not an image".into())
        );
        assert_eq!(proven(b"{\"error\": 1}"), Err("the response is a web page, not an image".into()));
        assert_eq!(proven(b""), Err("the response is empty".into()));
        assert_eq!(proven(b"hello"), Err("the response is not an image".into()));
        let svg =
            b"<?xml version=\"1.0\"?>\n<!-- x --><!DOCTYPE svg PUBLIC \"a\">\n<svg xmlns=\"x\"></svg>\n";
        assert_eq!(proven(svg), Ok("svg"));
        assert_eq!(proven(b"<svg><path"), Err("the image is truncated".into()));
        assert_eq!(proven(b"GIF89a\x02\0\x02\0\0\0\0;"), Ok("gif"));
    }
}
