//! The main text of any page.
#![no_main]

libfuzzer_sys::fuzz_target!(|html: &str| {
    let _ = dateline_text::html_text(html);
});
