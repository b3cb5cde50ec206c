//! Plain text: the first line is the title, the rest the body.

use std::io::{self, Read};

use dateline_model::{Article, Timestamp, ids};

use super::Source;

/// What is known of a plain text beside its words.
#[derive(Debug, Clone, Default)]
pub struct PlainText {
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// Article id; made from url or content where there is none.
    pub id: Option<String>,
    /// Outlet.
    pub source: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
}

impl PlainText {
    /// The article of a text.
    pub fn article(&self, text: &str) -> Article {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (title, body) = text.split_once('\n').unwrap_or((text, ""));
        let title = title.strip_suffix('\r').unwrap_or(title);
        let id = self.id.clone().unwrap_or_else(|| ids::article_id(self.url.as_deref(), Some(title), body));
        Article {
            id,
            url: self.url.clone(),
            source: self.source.clone(),
            title: Some(title.to_owned()),
            body: Some(body.to_owned()),
            html: None,
            published_at: self.published_at.clone(),
            updated_at: None,
            language: None,
        }
    }
}

/// Reads an input whole; at most `max` bytes and one are kept.
pub fn read_plain(source: &Source, max: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.open()?.take(max as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_the_title_and_the_rest_the_body_as_it_stands() {
        let a = PlainText::default().article("\u{feff}Xi to visit\r\n\nBody one.\nBody two.");
        assert_eq!((a.title.as_deref(), a.body.as_deref()), (Some("Xi to visit"), Some("\nBody one.\nBody two.")));
        let a = PlainText { id: Some("a-1".into()), ..Default::default() }.article("Only a title");
        assert_eq!((a.id.as_str(), a.title.as_deref(), a.body.as_deref()), ("a-1", Some("Only a title"), Some("")));
    }
}
