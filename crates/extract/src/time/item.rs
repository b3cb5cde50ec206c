//! The tokens of one sentence as the grammar sees them.

use chrono::NaiveDate;
use dateline_text::{Token, TokenKind};

use super::value::{Clock, DayPart, Unit};
use super::vocabulary::{Entry, Role, TimeWord};

/// A terminal of the grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// A word of no interest.
    Other,
    /// A mark of no interest, or the end.
    Stop,
    Comma,
    Hyphen,
    Slash,
    Possessive,
    Quote,
    /// A sum of money or the like stands before the number.
    Currency,
    Entry(Entry),
    /// Digits alone, and how many.
    Digits {
        n: u32,
        width: u8,
    },
    /// "7th"
    Nth(u32),
    Iso(NaiveDate),
    /// "10:30" (sure) or "10.30".
    Clock {
        minutes: Clock,
        sure: bool,
    },
    /// "07.05.2025"
    Dotted {
        day: u32,
        month: u32,
        year: i32,
    },
    /// Any other number.
    Figure,
}

/// A terminal and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub(super) word: Word,
    pub(super) token: u32,
    pub(super) capital: bool,
    pub(super) upper: bool,
    pub(super) spaced: bool,
}

/// The items of a sentence; line ends inside it are left out.
pub(super) struct Items(pub(super) Vec<Item>);

impl Items {
    /// Reads the tokens `[start, end)`; `None` when nothing in them can begin a time expression.
    pub(super) fn read(
        text: &str,
        tokens: &[Token],
        range: std::ops::Range<usize>,
        word_of_time: impl Fn(usize) -> Option<TimeWord>,
    ) -> Option<Self> {
        let start = range.start;
        let tokens = tokens.get(range)?;
        let mut items = Vec::with_capacity(tokens.len());
        let mut any = false;
        for (i, t) in tokens.iter().enumerate() {
            let word = match t.kind {
                TokenKind::Word => word_of_time(start + i).map_or(Word::Other, |w| Word::Entry(w.0)),
                TokenKind::Number => number(t.text(text)),
                TokenKind::Possessive => Word::Possessive,
                TokenKind::Hyphen | TokenKind::Dash => Word::Hyphen,
                TokenKind::Newline => continue,
                TokenKind::Quote => Word::Quote,
                TokenKind::Punct(',') => Word::Comma,
                TokenKind::Punct('/') => Word::Slash,
                TokenKind::Punct('$' | '£' | '€' | '¥' | '#') => Word::Currency,
                TokenKind::Punct(_) => Word::Stop,
            };
            any |= is_core(word);
            items.push(Item { word, token: (start + i) as u32, capital: t.capital, upper: t.upper, spaced: t.spaced });
        }
        any.then_some(Self(items))
    }

    fn item(&self, i: usize) -> Option<&Item> {
        self.0.get(i)
    }

    pub(super) fn word(&self, i: usize) -> Word {
        self.item(i).map_or(Word::Stop, |x| x.word)
    }

    /// The word before `i`.
    pub(super) fn before(&self, i: usize) -> Word {
        i.checked_sub(1).map_or(Word::Stop, |j| self.word(j))
    }

    pub(super) fn is(&self, i: usize, role: Role) -> bool {
        self.word(i) == Word::Entry(Entry::Role(role))
    }

    pub(super) fn role(&self, i: usize) -> Option<Role> {
        match self.word(i) {
            Word::Entry(Entry::Role(r)) => Some(r),
            _ => None,
        }
    }

    pub(super) fn unit(&self, i: usize) -> Option<(Unit, bool)> {
        match self.word(i) {
            Word::Entry(Entry::Unit { unit, plural }) => Some((unit, plural)),
            _ => None,
        }
    }

    pub(super) fn day_part(&self, i: usize) -> Option<DayPart> {
        match self.word(i) {
            Word::Entry(Entry::DayPart(p)) => Some(p),
            Word::Entry(Entry::Unit { unit: Unit::Night, plural: false }) => Some(DayPart::Night),
            _ => None,
        }
    }

    pub(super) fn capital(&self, i: usize) -> bool {
        self.item(i).is_some_and(|x| x.capital)
    }

    pub(super) fn upper(&self, i: usize) -> bool {
        self.item(i).is_some_and(|x| x.upper)
    }

    pub(super) fn spaced(&self, i: usize) -> bool {
        self.item(i).is_none_or(|x| x.spaced)
    }

    /// `i`, or the next when a comma stands there.
    pub(super) fn comma(&self, i: usize) -> usize {
        i + usize::from(self.word(i) == Word::Comma)
    }

    /// `i`, or the next when the role stands there.
    pub(super) fn skip(&self, i: usize, role: Role) -> usize {
        i + usize::from(self.is(i, role))
    }

    /// Can an expression open here? A look at two words, as most places are none.
    pub(super) fn opens_at(&self, i: usize) -> bool {
        let word = self.word(i);
        match word {
            Word::Other
            | Word::Stop
            | Word::Comma
            | Word::Hyphen
            | Word::Slash
            | Word::Possessive
            | Word::Quote
            | Word::Currency
            | Word::Figure => false,
            Word::Entry(Entry::Role(r)) if only_inside(r) => false,
            _ if is_core(word) => true,
            // "14, 15 and 16 June"
            Word::Digits { width: 1 | 2, .. } if self.word(i + 1) == Word::Comma => {
                matches!(self.word(i + 2), Word::Digits { width: 1 | 2, .. })
            }
            _ => !matches!(self.word(i + 1), Word::Other | Word::Stop | Word::Comma | Word::Possessive | Word::Figure),
        }
    }

    /// A plain word, no word of time, no mark.
    pub(super) fn plain(&self, i: usize) -> bool {
        self.word(i) == Word::Other
    }
}

/// Words without which a sentence has no time expression, and which make one without the next word.
fn is_core(word: Word) -> bool {
    use Role as R;
    match word {
        Word::Entry(e) => match e {
            Entry::Month { .. }
            | Entry::Weekday { .. }
            | Entry::Season { .. }
            | Entry::Unit { .. }
            | Entry::DayPart(_) => true,
            Entry::Number(_) | Entry::Ordinal(_) => false,
            Entry::Role(r) => matches!(
                r,
                R::Today
                    | R::Yesterday
                    | R::Tomorrow
                    | R::Tonight
                    | R::Overnight
                    | R::MidWeek
                    | R::MidYear
                    | R::Christmas
                    | R::Now
                    | R::Recently
                    | R::Soon
                    | R::FrequentDay
                    | R::FrequentWeek
                    | R::FrequentMonth
                    | R::FrequentQuarter
                    | R::FrequentYear
                    | R::Daylong
                    | R::Weeklong
                    | R::Monthlong
                    | R::Yearlong
                    | R::Am
                    | R::Pm
                    | R::Zone
            ),
        },
        Word::Digits { n, width } => width == 4 && (1000..=2100).contains(&n),
        Word::Iso(_) | Word::Clock { .. } | Word::Dotted { .. } => true,
        Word::Nth(n) => n <= 31,
        _ => false,
    }
}

/// Words that stand inside expressions and never open one.
fn only_inside(role: Role) -> bool {
    use Role as R;
    matches!(
        role,
        R::Of
            | R::On
            | R::In
            | R::At
            | R::To
            | R::And
            | R::Or
            | R::For
            | R::During
            | R::After
            | R::Hence
            | R::Ago
            | R::Other
            | R::Time
            | R::Local
            | R::Zone
            | R::Am
            | R::Pm
            | R::Old
            | R::Long
            | R::Part
            | R::Eve
            | R::Once
            | R::Quantity
            | R::His
            | R::Attack
            | R::Stay
            | R::Fiscal
            | R::Label
            | R::Measure
            | R::Paper
            | R::Games
    )
}

fn number(text: &str) -> Word {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let parse = |s: &str| s.parse::<u32>().ok();
    if digits.len() < text.len() {
        return parse(digits).filter(|n| (1..=99).contains(n)).map_or(Word::Figure, Word::Nth);
    }
    if digits.len() <= 6
        && digits.bytes().all(|b| b.is_ascii_digit())
        && let Some(n) = parse(digits)
    {
        return Word::Digits { n, width: digits.len() as u8 };
    }
    if digits.len() == 10 && digits.as_bytes()[4] == b'-' {
        return digits.parse().ok().filter(|d| year_ok(*d)).map_or(Word::Figure, Word::Iso);
    }
    let mut parts = digits.split([':', '.']);
    let (a, b, c) = (parts.next(), parts.next(), parts.next());
    let two = |s: Option<&str>| s.filter(|s| s.len() <= 2).and_then(parse);
    match (two(a), b.filter(|s| s.len() == 2).and_then(parse), c) {
        (Some(h), Some(m), None) if h < 24 && m < 60 => {
            Word::Clock { minutes: (h * 60 + m) as Clock, sure: digits.contains(':') }
        }
        (Some(day), _, Some(year)) if year.len() == 4 && !digits.contains(':') && parts.next().is_none() => {
            match (two(b), parse(year)) {
                (Some(month), Some(y)) if (1..=31).contains(&day) && (1..=12).contains(&month) && y >= 1000 => {
                    Word::Dotted { day, month, year: y as i32 }
                }
                _ => Word::Figure,
            }
        }
        _ => Word::Figure,
    }
}

fn year_ok(d: NaiveDate) -> bool {
    (1000..=9999).contains(&chrono::Datelike::year(&d))
}
