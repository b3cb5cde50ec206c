//! Any words read as times on any day: each is a slice of the text.
#![no_main]

use chrono::{Days, NaiveDate};
use dateline_extract::read_times;

libfuzzer_sys::fuzz_target!(|input: (u32, &str)| {
    let (n, text) = input;
    // from 1900 on, or no day at all
    let day = NaiveDate::from_ymd_opt(1900, 1, 1).and_then(|d| d.checked_add_days(Days::new(u64::from(n % 100_000))));
    let chars: Vec<char> = text.chars().collect();
    for t in read_times(text, day.filter(|_| n % 7 != 0)) {
        let slice = &chars[t.start as usize..t.end as usize];
        assert!(slice.iter().copied().eq(t.text.chars()), "a time is no slice");
    }
});
