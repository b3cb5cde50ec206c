//! The main text of an HTML page.

use dom_smoothie::{Config, Readability, TextMode};

/// The main text of a page, a paragraph a line; all its text where no main part is found; empty where there is none.
pub fn html_text(html: &str) -> String {
    let config = Config { text_mode: TextMode::Formatted, ..Config::default() };
    let read = Readability::new(html, None, Some(config)).and_then(|mut r| r.parse());
    match read {
        Ok(article) => article.text_content.trim().to_owned(),
        Err(_) => strip_tags(html),
    }
}

/// Text between tags, for fragments too small to have a main part.
fn strip_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                out.push(' ');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace("&nbsp;", " ")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::html_text;

    #[test]
    fn a_page_gives_its_paragraphs_and_a_fragment_its_words() {
        let long = "The president arrived in the capital on Tuesday for a state visit, the palace said, and will stay for three days of talks. ";
        let page = format!(
            "<html><head><title>T</title></head><body><nav>Home News</nav><article><p>{0}</p><p>{0}</p><p>{0}</p></article></body></html>",
            long.repeat(3)
        );
        let text = html_text(&page);
        assert!(text.starts_with("The president arrived") && !text.contains("Home News"), "{text}");
        assert_eq!(html_text("<p>Short &amp; sweet.</p>"), "Short & sweet.");
    }
}
