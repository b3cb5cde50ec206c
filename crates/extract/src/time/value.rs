//! What a time expression says before it is resolved, and what comes out when it is.

use std::ops::Range;

use chrono::{NaiveDate, Weekday};
use dateline_model::PartialDate;

/// Tense of the clause around an expression: it tells last Friday from next Friday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tense {
    /// It has happened.
    Past,
    /// It happens; in news this is a schedule ("arrives on Monday") more often than not.
    Present,
    /// It will happen.
    Future,
    /// No verb tells.
    #[default]
    Unknown,
}

/// What a resolved expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum TimeKind {
    /// One day, with or without a time of day.
    Day,
    /// A week, from Monday to Sunday.
    Week,
    /// Saturday and Sunday.
    Weekend,
    /// A month or a part of one.
    Month,
    /// A quarter or half of a year.
    Quarter,
    /// A season.
    Season,
    /// A year or a part of one.
    Year,
    /// A decade or century.
    Decade,
    /// From one date to another.
    Range,
    /// A length of time that is not fixed to the calendar.
    Duration,
    /// Open at the end, begun in the past ("since 2008").
    Since,
    /// Open at the end ("from Monday", "starting on May 7").
    From,
    /// The last day of something ("until Saturday", "ending on May 9").
    Until,
    /// A deadline ("by the end of the year").
    By,
    /// Again and again ("every Tuesday", "annual").
    Set,
    /// Some time in a window ("in the coming days", "within a month").
    Vague,
    /// A time of day without its day.
    Clock,
}

/// A unit of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Night,
    Weekend,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
}

/// Which of many that are named alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pick {
    /// Only named: the tense decides.
    Bare,
    /// "last": before the anchor.
    Last,
    /// "this": of the anchor's week or year.
    This,
    /// "next": after the anchor.
    Next,
    /// As printed; for a year only.
    Given(i32),
    /// So many years (or weeks, for a weekday) after the anchor's.
    Offset(i32),
}

/// A part of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// "early", "the beginning of"
    Start,
    /// "mid-", "the middle of"
    Mid,
    /// "late", "the end of"
    End,
    /// "later this week": between the anchor and the end.
    Later,
    /// "earlier this week": between the start and the anchor.
    Earlier,
}

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DayPart {
    Morning,
    Midday,
    Afternoon,
    Evening,
    Night,
}

/// A time of day in minutes after midnight, as printed.
pub(crate) type Clock = u16;

/// The calendar span that a point names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    /// "May 7", "Wednesday, May 7, 2025"
    Date { year: Pick, month: u32, day: u32, weekday: Option<Weekday> },
    /// "the 7th", "the 7th of this month": months after the anchor's, when said.
    DayOfMonth { day: u32, month: Option<i32> },
    /// "Friday", "last Friday", "Friday of next week", "Friday week" (`plus` 1).
    Weekday { weekday: Weekday, week: Pick, plus: i32 },
    /// "today", "yesterday": days after the anchor.
    Today(i32),
    /// "May", "last May", "May 2025"
    Month { month: u32, year: Pick },
    /// "spring" 0 to "winter" 3.
    Season { season: u32, year: Pick },
    /// "the weekend", "next weekend"
    Weekend { pick: Pick },
    /// "the first quarter" (1 to 4)
    Quarter { n: u32, year: Pick },
    /// "the second half" (1 or 2)
    Half { n: u32, year: Pick },
    /// "the first week of May"; 0 is the last one.
    WeekOfMonth { n: u32, month: u32, year: Pick },
    /// "2017"
    Year(i32),
    /// First year and number of years: "the 1990s".
    Years { first: i32, count: i32 },
    /// "next month" is 1 month, "two weeks ago" is -2 weeks.
    Shift { unit: Unit, n: i32 },
    /// "two days later", "the following week": from a day that the text speaks of.
    FromReference { unit: Unit, n: i32 },
    /// "the week of May 5": the week that holds the day.
    WeekOf { year: Pick, month: u32, day: u32 },
    /// "07/05/2025": the order of day and month cannot be told.
    Ambiguous { year: i32 },
}

/// A span with what narrows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    /// The span of the calendar.
    pub(crate) span: Span,
    /// The part of it.
    pub(crate) part: Option<Part>,
    /// The part of the day.
    pub(crate) day_part: Option<DayPart>,
    /// The time of day.
    pub(crate) clock: Option<Clock>,
}

impl From<Span> for Point {
    fn from(span: Span) -> Self {
        Self { span, part: None, day_part: None, clock: None }
    }
}

/// How many: a number, a stretch ("three or four" keeps the larger), or "several".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Amount {
    /// A number.
    Exactly(u32),
    /// About a number ("a couple").
    About(u32),
    /// Half of one.
    Half,
    /// "several", "a few", or a plural alone.
    Some,
}

/// What an expression says, not yet set against a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    /// At a point.
    At(Point),
    /// "since"
    Since(Point),
    /// "from", "starting on"
    From(Point),
    /// "until", "through", "ending on"
    Until(Point),
    /// "by", "before"
    By(Point),
    /// From one point to another.
    Range(Point, Point),
    /// A length.
    Duration { amount: Amount, unit: Unit },
    /// "in three days": a point in the future, a length of time in the past tense.
    In { amount: Amount, unit: Unit },
    /// "the coming days" (forward), "the past two weeks"; `lasting` behind "for": all of it.
    Window { amount: Amount, unit: Unit, forward: bool, lasting: bool },
    /// "within a month"
    Within { amount: Amount, unit: Unit },
    /// "the second day of a three-day visit"; `n` 0 is the last day, `days` 0 an unknown length.
    NthDay { n: u32, days: u32 },
    /// "every Tuesday", "annual"
    Set { unit: Unit },
    /// "at 10:30"
    Clock(Clock),
    /// "recently" (-1), "now" (0), "soon" (1)
    Loose(i8),
}

/// A time expression of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TimeExpr {
    /// Its tokens: indices into the document's tokens. "since", "until", "from ... to", "by" are included; "on", "in"
    /// and "at" are not.
    pub(crate) tokens: Range<usize>,
    /// What it says.
    pub(crate) value: Value,
    /// The tokens of the first and, in a range, of the second calendar expression without their prepositions.
    pub(super) cores: [Option<(u32, u32)>; 2],
}

/// A time expression set against the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// What it is.
    pub(crate) kind: TimeKind,
    /// First day as a careful reader gives it: a full day, or for a week, weekend, season, quarter or window the finest
    /// of month and year that holds it all.
    pub(crate) start: Option<PartialDate>,
    /// Last day: for ranges, "until" and "by" only.
    pub(crate) end: Option<PartialDate>,
    /// Length in days, both ends counted, where one is stated.
    pub(crate) days: Option<u32>,
    /// The exact first and last day that it covers (a week's Monday and Sunday); `None` where the calendar is not fixed.
    pub(crate) span: Option<(NaiveDate, NaiveDate)>,
    /// The anchor or the reference was used: the dateline is evidence too.
    pub(crate) relative: bool,
    /// It counts from another time in the text and none was passed ("two days later").
    pub(crate) needs_reference: bool,
}

impl Resolved {
    /// Something without a place in the calendar.
    pub(super) fn none(kind: TimeKind) -> Self {
        Self { kind, start: None, end: None, days: None, span: None, relative: false, needs_reference: false }
    }
}
