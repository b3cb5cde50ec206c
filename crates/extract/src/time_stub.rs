#![allow(dead_code, missing_docs, unused_variables)]
use std::ops::Range;
use chrono::NaiveDate;
use dateline_model::PartialDate;
use dateline_text::Token;
#[derive(Debug)] pub(crate) struct TimeExpr { pub tokens: Range<usize> }
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tense { Past, Present, Future, Unknown }
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TimeKind { Day, Week, Weekend, Month, Quarter, Season, Year, Decade, Range, Duration, Since, From, Until, By, Set, Vague, Clock }
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resolved { pub kind: TimeKind, pub start: Option<PartialDate>, pub end: Option<PartialDate>, pub days: Option<u32>, pub span: Option<(NaiveDate, NaiveDate)>, pub relative: bool, pub needs_reference: bool }
pub(crate) fn find(text: &str, tokens: &[Token], range: Range<usize>) -> Vec<TimeExpr> { vec![] }
impl TimeExpr {
    pub(crate) fn kind(&self) -> TimeKind { TimeKind::Day }
    pub(crate) fn resolve(&self, a: Option<NaiveDate>, t: Tense) -> Resolved { Resolved { kind: TimeKind::Day, start: None, end: None, days: None, span: None, relative: false, needs_reference: false } }
}
