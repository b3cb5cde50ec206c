#![no_main]

libfuzzer_sys::fuzz_target!(|input: (u32, &str)| dateline_fuzz::reading::times(input.0, input.1));
