//! Panics of the extractor become errors of one article.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Once;

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    static CAUGHT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `f`; a panic inside is returned as `message at file:line` and printed nowhere.
pub fn catch<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if CATCHING.get() {
                CAUGHT.with_borrow_mut(|c| *c = Some(describe(info)));
            } else {
                before(info);
            }
        }));
    });
    CATCHING.set(true);
    // What `f` borrows is not used again after a panic: the caller keeps only the error.
    let result = catch_unwind(AssertUnwindSafe(f));
    CATCHING.set(false);
    result.map_err(|_| CAUGHT.take().unwrap_or_else(|| "unknown panic".to_owned()))
}

fn describe(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let message = payload.downcast_ref::<&str>().map(|s| (*s).to_owned());
    let message = message.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
    match info.location() {
        Some(l) => format!("{message} at {}:{}", l.file(), l.line()),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::catch;

    #[test]
    fn a_panic_comes_back_as_words_and_the_thread_goes_on() {
        let e = catch(|| -> u8 { panic!("nothing there") }).unwrap_err();
        assert!(e.starts_with("nothing there at ") && e.contains("panics.rs:"), "{e}");
        assert_eq!(catch(|| 5), Ok(5));
    }
}
