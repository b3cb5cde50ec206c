#![no_main]

libfuzzer_sys::fuzz_target!(|html: &str| dateline_fuzz::reading::cleaner(html));
